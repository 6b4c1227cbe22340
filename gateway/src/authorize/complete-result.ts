import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { FilteredOperation } from './filter-operation.ts';

type Data = Record<string, unknown>;

/** Types of the fields of an object in an answer, by response key. Fields that share a key share nullability and lists, by GraphQL's rules. */
interface Shape {
  readonly type: GraphQLOutputType;
  readonly fields: Map<string, Shape>;
}

/** How answers to one filtered operation are completed. */
export type Completion = (data: Data | null) => Data | null;

/**
 * Puts null where fields were removed, and where they may not be null, nulls what is around them up to the nearest nullable field, as if
 * their resolvers had failed.
 */
export function compileCompletion(schema: GraphQLSchema, filtered: FilteredOperation): Completion {
  const root = schema.getRootType(filtered.operation.operation);
  const fields = new Map<string, Shape>();
  if (root) addShapes(schema, filtered.operation.selectionSet, root, fields);
  return (data) => (data === null ? null : completeObject(data, fields, filtered));
}

/** The answer when nothing is left to fetch: the marks that a fetch would have brought. */
export function marksOnly(filtered: FilteredOperation, variables: Readonly<Record<string, unknown>>): Data {
  const data: Data = Object.create(null) as Data;
  addMarks(filtered.operation.selectionSet.selections, variables, data);
  return data;
}

function addMarks(selections: readonly SelectionNode[], variables: Readonly<Record<string, unknown>>, data: Data): void {
  for (const selection of selections) {
    if (!isIncluded(selection, variables)) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) addMarks(selection.selectionSet.selections, variables, data);
    else if (selection.kind === Kind.FIELD) data[selection.alias?.value ?? selection.name.value] = '';
  }
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, { ...variables });
  const include = getDirectiveValues(GraphQLIncludeDirective, node, { ...variables });
  return skip?.['if'] !== true && include?.['if'] !== false;
}

function completeObject(data: Data, fields: ReadonlyMap<string, Shape>, filtered: FilteredOperation): Data | null {
  const completed: Data = Object.create(null) as Data;
  for (const [key, value] of Object.entries(data)) {
    const mark = filtered.marks.get(key);
    if (mark === undefined) {
      const shape = fields.get(key);
      const result = shape === undefined ? value : completeValue(value, shape.type, shape.fields, filtered);
      if (result === null && shape !== undefined && isNonNullType(shape.type)) return null;
      completed[key] = result;
    } else if (mark.isNonNull) return null;
    else if (!(mark.responseKey in completed)) completed[mark.responseKey] = null;
  }
  return completed;
}

function completeValue(value: unknown, type: GraphQLOutputType, fields: ReadonlyMap<string, Shape>, filtered: FilteredOperation): unknown {
  if (value === null || value === undefined) return null;
  if (isNonNullType(type)) return completeValue(value, type.ofType, fields, filtered);
  if (!isListType(type)) return fields.size === 0 || typeof value !== 'object' ? value : completeObject(value as Data, fields, filtered);
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => completeValue(item, type.ofType, fields, filtered));
  return isNonNullType(type.ofType) && items.includes(null) ? null : items;
}

function addShapes(schema: GraphQLSchema, set: SelectionSetNode, parent: GraphQLCompositeType, into: Map<string, Shape>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) addField(schema, selection, parent, into);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      addShapes(schema, selection.selectionSet, conditionType(schema, selection.typeCondition?.name.value, parent), into);
  }
}

function addField(schema: GraphQLSchema, node: FieldNode, parent: GraphQLCompositeType, into: Map<string, Shape>): void {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
  if (!field) return;
  const key = node.alias?.value ?? node.name.value;
  const shape = into.get(key) ?? { type: field.type, fields: new Map<string, Shape>() };
  into.set(key, shape);
  const named = getNamedType(field.type);
  if (node.selectionSet && isCompositeType(named)) addShapes(schema, node.selectionSet, named, shape.fields);
}

function conditionType(schema: GraphQLSchema, name: string | undefined, parent: GraphQLCompositeType): GraphQLCompositeType {
  const type = name === undefined ? undefined : schema.getType(name);
  return isCompositeType(type) ? type : parent;
}

/** Fragments that introspection still spreads after the rest was inlined. */
export function fragmentsForIntrospection(
  filtered: FilteredOperation,
  fragments: Iterable<FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const hasIntrospection = filtered.operation.selectionSet.selections.some(
    (node) => node.kind === Kind.FIELD && node.selectionSet && /^__(schema|type)$/.test(node.name.value),
  );
  return hasIntrospection ? [...fragments].filter((fragment) => fragment.typeCondition.name.value.startsWith('__')) : [];
}
