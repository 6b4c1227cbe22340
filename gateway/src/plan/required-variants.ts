import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { argumentOf, type FieldsDefinition, hasFields, JOIN_FIELD, namedTypeOf, parseFieldSet } from './supergraph-document.ts';
import { dropUnusedExternals } from './unused-externals.ts';

/** A field as some `@requires` asks for it, with its arguments. */
export interface RequiredVariant {
  /** What the planner knows it by; no other field has this name. */
  readonly name: string;
  /** The name of the field itself. */
  readonly field: string;
  readonly arguments: readonly ConstArgumentNode[];
}

/** All variants of a supergraph, by name. */
export type RequiredVariants = ReadonlyMap<string, RequiredVariant>;

/**
 * Gives every field that takes arguments and that a `@requires` asks for a second field in the supergraph: without arguments, of the same
 * type, from the same subgraphs, and asks for that instead. The planner knows fields by their names only: what a client asks for with other
 * arguments, and what another `@requires` asks for, are then different fields for it. `restoreVariants` turns its plans back.
 */
export function addRequiredVariants(document: DocumentNode): { readonly document: DocumentNode; readonly variants: RequiredVariants } {
  const collector = new VariantCollector(document);
  const rewritten = document.definitions.map((node) => (hasFields(node) ? collector.rewrite(node) : node));
  const variants = collector.byName;
  if (variants.size === 0) return { document, variants };
  const definitions = rewritten.map((node) => (hasFields(node) ? collector.withVariants(node) : node));
  const withVariants = { ...document, definitions };
  return { document: dropUnusedExternals(withVariants, (type, field) => collector.isVaried(type, field)), variants };
}

class VariantCollector {
  readonly byName = new Map<string, RequiredVariant>();
  private readonly byRequest = new Map<string, RequiredVariant>();
  private readonly byType = new Map<string, RequiredVariant[]>();
  private readonly types: ReadonlyMap<string, FieldsDefinition>;

  constructor(document: DocumentNode) {
    this.types = new Map(document.definitions.filter(hasFields).map((node) => [node.name.value, node]));
  }

  /** The type with `@requires` that ask for variants. */
  rewrite(node: FieldsDefinition): FieldsDefinition {
    const fields = node.fields?.map((field) => {
      const directives = field.directives?.map((directive) =>
        directive.name.value === JOIN_FIELD ? this.rewriteJoin(node, directive) : directive,
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

  private rewriteJoin(type: FieldsDefinition, join: ConstDirectiveNode): ConstDirectiveNode {
    const requires = argumentOf(join, 'requires');
    if (requires?.kind !== Kind.STRING) return join;
    const selectionSet = this.rewriteSelections(parseFieldSet(requires.value), type.name.value);
    const value = { kind: Kind.STRING, value: selectionSet.selections.map(print).join(' ') } as const;
    const args = join.arguments?.map((argument) => (argument.value === requires ? { ...argument, value } : argument)) ?? [];
    return { ...join, arguments: args };
  }

  private rewriteSelections(set: SelectionSetNode, type: string): SelectionSetNode {
    return { ...set, selections: set.selections.map((selection) => this.rewriteSelection(selection, type)) };
  }

  private rewriteSelection(selection: SelectionNode, type: string): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: this.rewriteSelections(selection.selectionSet, inner) };
    }
    const definition = this.types.get(type)?.fields?.find((field) => field.name.value === selection.name.value);
    if (definition === undefined) return selection;
    const selectionSet = selection.selectionSet && this.rewriteSelections(selection.selectionSet, namedTypeOf(definition.type).name.value);
    const field = { ...selection, ...(selectionSet && { selectionSet }) };
    if (!definition.arguments?.length) return field;
    const variant = this.variantOf(selection, type);
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
