import { type ConstDirectiveNode, type DefinitionNode, type FieldDefinitionNode, GraphQLError, Kind, parse, print } from 'graphql';
import type { Finding } from './finding.ts';
import type { SubgraphSource } from './graph.ts';

/** Directives that federation gives a meaning only when they are imported. */
const PROTECTING = ['authenticated', 'requiresScopes', 'policy'];

/**
 * Naming, descriptions and deprecations of a subgraph's own SDL, with the place of each finding: warnings. An error is only a protection that
 * protects nothing.
 */
export function lint(source: SubgraphSource): Finding[] {
  try {
    const { definitions } = parse(source.sdl);
    return [...definitions.flatMap((definition) => lintDefinition(definition, source)), ...lintProtection(definitions, source)];
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

function lintDefinition(definition: DefinitionNode, source: SubgraphSource): Finding[] {
  if (hasOutputFields(definition)) {
    const own = definition.kind.endsWith('Extension') ? [] : checkName(definition, definition.name.value, source);
    return [...own, ...(definition.fields ?? []).flatMap((field) => lintField(field, definition.name.value, source))];
  }
  if (definition.kind === Kind.ENUM_TYPE_DEFINITION) {
    const loud = (definition.values ?? []).filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name.value));
    return loud.map((value) =>
      finding(
        'ENUM_VALUE_NAME',
        `Enum value ${value.name.value} should be in SCREAMING_CASE.`,
        `${definition.name.value}.${value.name.value}`,
        value,
        source,
      ),
    );
  }
  return [];
}

type FieldsDefinition = Extract<
  DefinitionNode,
  { kind: 'ObjectTypeDefinition' | 'ObjectTypeExtension' | 'InterfaceTypeDefinition' | 'InterfaceTypeExtension' }
>;

/** Federation 1 extends types where Federation 2 defines them again. */
function hasOutputFields(definition: DefinitionNode): definition is FieldsDefinition {
  return /^(ObjectType|InterfaceType)/.test(definition.kind);
}

/** A directive of that name which a subgraph defines itself is an ordinary one: composition drops it without a word. */
function lintProtection(definitions: readonly DefinitionNode[], source: SubgraphSource): Finding[] {
  const links = definitions
    .filter((definition) => definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION)
    .flatMap(({ directives = [] }) => directives.filter(({ name }) => name.value === 'link').map(print));
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.DIRECTIVE_DEFINITION || !PROTECTING.includes(definition.name.value)) return [];
    const name = `@${definition.name.value}`;
    if (links.some((link) => link.includes(`"${name}"`))) return [];
    const message = `${name} is defined here and not imported from federation: it protects nothing.`;
    const wayOut = `Add "${name}" to the imports of the federation @link, and leave the definition out.`;
    return [{ ...finding('PROTECTION_NOT_IMPORTED', message, name, definition, source), severity: 'error' as const, wayOut }];
  });
}

function lintField(field: FieldDefinitionNode, type: string, source: SubgraphSource): Finding[] {
  const coordinate = `${type}.${field.name.value}`;
  const found: Finding[] = [];
  const isOthers = field.directives?.some(({ name }) => name.value === 'external') ?? false;
  if (!field.description && !isDeprecated(field) && !isOthers)
    found.push(finding('DESCRIPTION_MISSING', `${coordinate} has no description.`, coordinate, field, source));
  if (!/^[a-z_][a-zA-Z0-9]*$/.test(field.name.value))
    found.push(finding('FIELD_NAME', `${coordinate} should be in camelCase.`, coordinate, field, source));
  if (isDeprecated(field) && !hasReason(field))
    found.push(finding('DEPRECATION_WITHOUT_REASON', `${coordinate} is deprecated without a reason.`, coordinate, field, source));
  const isPaged =
    field.type.kind === Kind.NON_NULL_TYPE && field.type.type.kind === Kind.NAMED_TYPE && field.type.type.name.value.endsWith('Connection');
  if (isPaged && !field.arguments?.some(({ name }) => name.value === 'first')) {
    found.push(finding('CONNECTION_WITHOUT_FIRST', `${coordinate} returns a connection and takes no "first".`, coordinate, field, source));
  }
  return found;
}

function checkName(node: DefinitionNode, name: string, source: SubgraphSource): Finding[] {
  return /^[A-Z][a-zA-Z0-9]*$/.test(name) ? [] : [finding('TYPE_NAME', `Type ${name} should be in PascalCase.`, name, node, source)];
}

function isDeprecated(field: FieldDefinitionNode): boolean {
  return deprecation(field) !== undefined;
}

function hasReason(field: FieldDefinitionNode): boolean {
  return (deprecation(field)?.arguments ?? []).some(
    ({ name, value }) => name.value === 'reason' && value.kind === Kind.STRING && value.value.trim() !== '',
  );
}

function deprecation(field: FieldDefinitionNode): ConstDirectiveNode | undefined {
  return field.directives?.find(({ name }) => name.value === 'deprecated');
}

function finding(
  code: string,
  message: string,
  coordinate: string,
  node: { readonly loc?: { readonly startToken: { readonly line: number; readonly column: number } } | undefined },
  source: SubgraphSource,
): Finding {
  const token = node.loc?.startToken;
  return {
    severity: 'warning',
    code,
    message,
    coordinate,
    place: { file: source.file, line: token?.line ?? 1, column: token?.column ?? 1 },
  };
}
