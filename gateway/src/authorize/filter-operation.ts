import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { AuthorizationRules } from './rules.ts';

/** An operation, what its fragments are and what its schema asks. */
export interface FilterInput {
  readonly schema: GraphQLSchema;
  readonly rules: AuthorizationRules;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** What a removed field leaves behind: an aliased `__typename`, so that the answer has a mark at exactly the objects that lack the field. */
export interface Mark {
  readonly responseKey: string;
  readonly isNonNull: boolean;
}

/** The operation without what was denied. */
export interface FilteredOperation {
  /** Fragments inlined, marks in place of removed fields. */
  readonly operation: OperationDefinitionNode;
  /** By alias. */
  readonly marks: ReadonlyMap<string, Mark>;
  /** False when nothing but marks is left: there is nothing to fetch. */
  readonly hasRest: boolean;
  /** Response paths of the removed fields, `@` for list items. */
  readonly removed: readonly (readonly string[])[];
}

/** Where the walk stands: the type it selects on and the object types that can be behind it here. */
interface Place {
  readonly type: GraphQLCompositeType;
  readonly possible: ReadonlySet<string>;
  readonly path: readonly string[];
  /** True inside a fragment whose type is denied: everything in it is. */
  readonly isDenied: boolean;
}

/**
 * Removes from an operation what asks for a denied rule, and nothing else. A field asks for the rules of its own coordinate and, selected on
 * an interface, for those of every object type that can be behind it at this place; a fragment asks for the rules of its type condition.
 */
export function filterOperation(input: FilterInput, isDenied: (ruleId: number) => boolean): FilteredOperation {
  const root = input.schema.getRootType(input.operation.operation);
  if (!root) throw new Error(`the schema has no ${input.operation.operation} type`);
  const filter = new Filter(input, isDenied);
  const place = { type: root, possible: new Set([root.name]), path: [], isDenied: false };
  const selections = filter.selections(input.operation.selectionSet, place);
  return {
    operation: { ...input.operation, selectionSet: { kind: Kind.SELECTION_SET, selections } },
    marks: filter.marks,
    hasRest: selections.some((selection) => filter.isRest(selection)),
    removed: filter.removed,
  };
}

class Filter {
  readonly marks = new Map<string, Mark>();
  readonly removed: (readonly string[])[] = [];
  private readonly aliases = new Map<string, string>();
  private readonly taken: ReadonlySet<string>;
  private readonly input: FilterInput;
  private readonly isDenied: (ruleId: number) => boolean;

  constructor(input: FilterInput, isDenied: (ruleId: number) => boolean) {
    this.input = input;
    this.isDenied = isDenied;
    this.taken = aliasesIn([input.operation, ...input.fragments.values()]);
  }

  selections(set: SelectionSetNode, place: Place): SelectionNode[] {
    return set.selections.flatMap((selection) => {
      const kept = selection.kind === Kind.FIELD ? this.field(selection, place) : this.fragment(selection, place);
      return kept === undefined ? [] : [kept];
    });
  }

  /** True when there is something to fetch in it. */
  isRest(selection: SelectionNode): boolean {
    if (selection.kind === Kind.FIELD) return !this.marks.has(selection.alias?.value ?? '');
    return selection.kind === Kind.INLINE_FRAGMENT && selection.selectionSet.selections.some((inner) => this.isRest(inner));
  }

  private field(node: FieldNode, place: Place): FieldNode {
    const key = node.alias?.value ?? node.name.value;
    const path = [...place.path, key];
    const name = node.name.value;
    if (name.startsWith('__')) return place.isDenied ? this.remove(node, path, true) : node;
    const type = outputTypeOf(place.type, name);
    if (place.isDenied || this.rulesOf(place, name).some(this.isDenied)) return this.remove(node, path, isNonNullType(type));
    const named = getNamedType(type);
    if (!node.selectionSet || !isCompositeType(named)) return node;
    const inner = { type: named, possible: this.possibleTypes(named), path: [...path, ...listSteps(type)], isDenied: false };
    const selections = this.selections(node.selectionSet, inner);
    if (!selections.some((selection) => this.isRest(selection))) return this.mark(node, key, isNonNullType(type));
    return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  }

  private fragment(node: Exclude<SelectionNode, FieldNode>, place: Place): InlineFragmentNode | undefined {
    const definition = node.kind === Kind.FRAGMENT_SPREAD ? this.input.fragments.get(node.name.value) : node;
    if (!definition) return undefined;
    const type = this.conditionType(definition.typeCondition?.name.value) ?? place.type;
    const possible = this.possibleTypes(type).intersection(place.possible);
    const isDenied = place.isDenied || this.input.rules.ofType(type.name).map(this.isDenied).includes(true);
    const selections = this.selections(definition.selectionSet, { type, possible, path: place.path, isDenied });
    if (selections.length === 0) return undefined;
    const directives = [...(node.directives ?? [])];
    const typeCondition = definition.typeCondition;
    return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  }

  /** Every rule is asked for even when one denies already: the first walk collects them. */
  private rulesOf(place: Place, fieldName: string): number[] {
    const owners = isInterfaceType(place.type) ? [place.type.name, ...place.possible] : [place.type.name];
    return [...new Set(owners.flatMap((owner) => this.input.rules.ofField(owner, fieldName)))];
  }

  private remove(node: FieldNode, path: readonly string[], isNonNull: boolean): FieldNode {
    this.removed.push(path);
    return this.mark(node, node.alias?.value ?? node.name.value, isNonNull);
  }

  private mark(node: FieldNode, responseKey: string, isNonNull: boolean): FieldNode {
    const known = `${responseKey} ${isNonNull}`;
    const alias = this.aliases.get(known) ?? this.freeAlias(`denied_${this.aliases.size}_${responseKey}`);
    this.aliases.set(known, alias);
    this.marks.set(alias, { responseKey, isNonNull });
    return {
      kind: Kind.FIELD,
      alias: { kind: Kind.NAME, value: alias },
      name: { kind: Kind.NAME, value: '__typename' },
      directives: node.directives,
    };
  }

  /** Clients may use any name, also ours. */
  private freeAlias(wanted: string): string {
    return this.taken.has(wanted) ? this.freeAlias(`${wanted}_`) : wanted;
  }

  private conditionType(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.input.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  private possibleTypes(type: GraphQLNamedType): ReadonlySet<string> {
    return isAbstractType(type) ? new Set(this.input.schema.getPossibleTypes(type).map((possible) => possible.name)) : new Set([type.name]);
  }
}

function aliasesIn(definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[]): Set<string> {
  const found = new Set<string>();
  for (const definition of definitions) visit(definition, { Field: ({ alias }) => void (alias && found.add(alias.value)) });
  return found;
}

function outputTypeOf(parent: GraphQLCompositeType, name: string): GraphQLOutputType {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  if (!field) throw new Error(`${parent.name} has no field ${name}: the document was not validated`);
  return field.type;
}

function listSteps(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) return listSteps(type.ofType);
  return isListType(type) ? ['@', ...listSteps(type.ofType)] : [];
}
