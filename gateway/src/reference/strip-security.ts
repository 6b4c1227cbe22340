import { type DirectiveNode, type DocumentNode, Kind, parse, print, type SchemaDefinitionNode, visit } from 'graphql';

/** Features that @apollo/gateway refuses to load. Enforced (security) or not needed (cache tags, costs) outside of its executor. */
const STRIPPED = ['authenticated', 'requiresScopes', 'policy', 'cacheTag', 'cost', 'listSize'];
const FEATURE_URL = new RegExp(`^https://specs\\.apollo\\.dev/(${STRIPPED.join('|')})/v`);

/**
 * The supergraph SDL without the links, definitions and uses of features that @apollo/gateway refuses. For execution only: authorization is
 * decided before, on the whole supergraph.
 */
export function stripSecurity(supergraphSdl: string): string {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = strippedNames(document);
  const isStripped = (name: string) => names.some((prefix) => name === prefix || name.startsWith(`${prefix}__`));
  const stripped = visit(document, {
    Directive: (node) => (isStripped(node.name.value) || isStrippedLink(node) ? null : undefined),
    DirectiveDefinition: (node) => (isStripped(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (isStripped(node.name.value) ? null : undefined),
  });
  return print(stripped);
}

function strippedNames(document: DocumentNode): string[] {
  const schemas = document.definitions.filter((node): node is SchemaDefinitionNode => node.kind === Kind.SCHEMA_DEFINITION);
  return schemas.flatMap((schema) => (schema.directives ?? []).filter(isStrippedLink).flatMap(namesInSchema));
}

function isStrippedLink(node: DirectiveNode): boolean {
  return node.name.value === 'link' && FEATURE_URL.test(stringArgument(node, 'url') ?? '');
}

function namesInSchema(link: DirectiveNode): string[] {
  const feature = FEATURE_URL.exec(stringArgument(link, 'url') ?? '')?.[1] ?? '';
  const imported = link.arguments?.find((argument) => argument.name.value === 'import')?.value;
  const aliases = imported?.kind === Kind.LIST ? imported.values.flatMap(importedName) : [];
  return [stringArgument(link, 'as') ?? feature, ...aliases];
}

function importedName(value: import('graphql').ValueNode): string[] {
  if (value.kind === Kind.STRING) return [value.value.replace(/^@/, '')];
  if (value.kind !== Kind.OBJECT) return [];
  const field = value.fields.find((item) => item.name.value === 'as') ?? value.fields.find((item) => item.name.value === 'name');
  return field?.value.kind === Kind.STRING ? [field.value.value.replace(/^@/, '')] : [];
}

function stringArgument(node: DirectiveNode, name: string): string | undefined {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
