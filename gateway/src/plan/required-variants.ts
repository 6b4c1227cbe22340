import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { argumentOf, type FieldsDefinition, hasFields, JOIN_FIELD, namedTypeOf, subgraphNames } from './supergraph-document.ts';
import { dropUnusedExternals } from './unused-externals.ts';

/** A field as some `@requires` asks for it, with its arguments. */
export interface RequiredVariant {
  /** What the planner knows it by; no other field has this name. */
  readonly name: string;
  /** The name of the field itself. */
  readonly field: string;
  readonly arguments: readonly ConstArgumentNode[];
}

/** All variants of a supergraph. */
export interface RequiredVariants {
  readonly byName: ReadonlyMap<string, RequiredVariant>;
  /** Names of the variants that a subgraph requires for a field. */
  readonly neededFor: (subgraph: string, type: string, field: string) => readonly string[];
}

/**
 * Gives every field that takes arguments and that a `@requires` asks for a second field in the supergraph: without arguments, of the same
 * type, from the same subgraphs, and asks for that instead. The planner knows fields by their names only: what a client asks for with other
 * arguments, and what another `@requires` asks for, are then different fields for it. `restoreVariants` turns its plans back.
 */
export function addRequiredVariants(document: DocumentNode): { readonly document: DocumentNode; readonly variants: RequiredVariants } {
  const collector = new VariantCollector(document);
  const rewritten = document.definitions.map((node) => (hasFields(node) ? collector.rewrite(node) : node));
  const { byName, needed } = collector;
  const neededFor: RequiredVariants['neededFor'] = (subgraph, type, field) =>
    needed.get([subgraph, type, byName.get(field)?.field ?? field].join(' ')) ?? [];
  const variants = { byName, neededFor };
  if (byName.size === 0) return { document, variants };
  const definitions = rewritten.map((node) => (hasFields(node) ? collector.withVariants(node) : node));
  const withVariants = { ...document, definitions };
  return { document: dropUnusedExternals(withVariants, (type, field) => collector.isVaried(type, field)), variants };
}

class VariantCollector {
  readonly byName = new Map<string, RequiredVariant>();
  readonly needed = new Map<string, string[]>();
  private readonly byRequest = new Map<string, RequiredVariant>();
  private readonly byType = new Map<string, RequiredVariant[]>();
  private readonly types: ReadonlyMap<string, FieldsDefinition>;
  private readonly subgraphs: ReadonlyMap<string, string>;

  constructor(document: DocumentNode) {
    this.types = new Map(document.definitions.filter(hasFields).map((node) => [node.name.value, node]));
    this.subgraphs = subgraphNames(document);
  }

  /** The type with `@requires` that ask for variants. */
  rewrite(node: FieldsDefinition): FieldsDefinition {
    const fields = node.fields?.map((field) => {
      const directives = field.directives?.map((directive) =>
        directive.name.value === JOIN_FIELD ? this.rewriteJoin(node, field, directive) : directive,
      );
      return directives === undefined ? field : { ...field, directives };
    });
    return fields === undefined ? node : { ...node, fields };
  }

  /** True for fields with variants and for variants. */
  isVaried(type: FieldsDefinition, field: string): boolean {
    return this.variantsOf(type).some((variant) => variant.field === field || variant.name === field);
  }

  withVariants(node: FieldsDefinition): FieldsDefinition {
    const added = this.variantsOf(node).flatMap((variant): FieldDefinitionNode[] => {
      const original = node.fields?.find((field) => field.name.value === variant.field);
      return original === undefined ? [] : [{ ...original, name: { kind: Kind.NAME, value: variant.name }, arguments: [] }];
    });
    return added.length === 0 ? node : { ...node, fields: [...(node.fields ?? []), ...added] };
  }

  /** Variants of an interface's fields are fields of its implementations too. */
  private variantsOf({ name, interfaces = [] }: FieldsDefinition): RequiredVariant[] {
    return [name, ...interfaces.map((type) => type.name)].flatMap((type) => this.byType.get(type.value) ?? []);
  }

  private rewriteJoin(type: FieldsDefinition, field: FieldDefinitionNode, join: ConstDirectiveNode): ConstDirectiveNode {
    const requires = argumentOf(join, 'requires');
    if (requires?.kind !== Kind.STRING) return join;
    const names: string[] = [];
    const selectionSet = this.rewriteSelections(parseFieldSet(requires.value), type.name.value, names);
    if (names.length === 0) return join;
    const graph = argumentOf(join, 'graph');
    const subgraph = graph?.kind === Kind.ENUM ? (this.subgraphs.get(graph.value) ?? graph.value) : '';
    this.needed.set([subgraph, type.name.value, field.name.value].join(' '), names);
    const value = { kind: Kind.STRING, value: selectionSet.selections.map(print).join(' ') } as const;
    const args = join.arguments?.map((argument) => (argument.value === requires ? { ...argument, value } : argument)) ?? [];
    return { ...join, arguments: args };
  }

  private rewriteSelections(set: SelectionSetNode, type: string, names: string[]): SelectionSetNode {
    return { ...set, selections: set.selections.map((selection) => this.rewriteSelection(selection, type, names)) };
  }

  private rewriteSelection(selection: SelectionNode, type: string, names: string[]): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: this.rewriteSelections(selection.selectionSet, inner, names) };
    }
    const definition = this.types.get(type)?.fields?.find((field) => field.name.value === selection.name.value);
    if (definition === undefined) return selection;
    const selectionSet =
      selection.selectionSet && this.rewriteSelections(selection.selectionSet, namedTypeOf(definition.type).name.value, names);
    const field = { ...selection, ...(selectionSet && { selectionSet }) };
    if (!definition.arguments?.length) return field;
    const variant = this.variantOf(selection, type);
    names.push(variant.name);
    return { ...field, name: { kind: Kind.NAME, value: variant.name }, arguments: [] };
  }

  private variantOf({ name, arguments: given = [] }: FieldNode, type: string): RequiredVariant {
    const request = `${type}.${name.value}(${given.map(print).sort().join()})`;
    const known = this.byRequest.get(request);
    if (known !== undefined) return known;
    // Fields of a `@requires` have no variables: what stands there is constant.
    const variant = { name: this.freeName(name.value), field: name.value, arguments: given as readonly ConstArgumentNode[] };
    this.byRequest.set(request, variant);
    this.byName.set(variant.name, variant);
    this.byType.set(type, [...(this.byType.get(type) ?? []), variant]);
    return variant;
  }

  private freeName(field: string): string {
    const taken = new Set([...this.types.values()].flatMap((type) => type.fields?.map((each) => each.name.value) ?? []));
    let number = this.byName.size + 1;
    while (taken.has(`${field}__required_${number}`)) number++;
    return `${field}__required_${number}`;
  }
}

function parseFieldSet(fields: string): SelectionSetNode {
  const document = parse(`{${fields}}`, { noLocation: true });
  return (document.definitions[0] as OperationDefinitionNode).selectionSet;
}
