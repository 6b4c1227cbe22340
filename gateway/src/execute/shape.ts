import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { DocumentKeys } from '../plan/response-keys.ts';
import {
  type CollectedField,
  type CollectScope,
  type ConditionalSelections,
  collectFields,
  type DeferredFragment,
} from './collect-fields.ts';
import { type Condition, compileAny } from './condition.ts';
import { isJsonObject, type JsonObject, propertyReader } from './json-object.ts';
import { quote } from './json-text.ts';
import { leafWriter } from './leaf-writer.ts';
import { Position, type ShapeState, type Writer } from './shape-state.ts';
import { typeApplies } from './type-condition.ts';

/** What compiling the shape of a response needs to know of its operation. */
export interface ShapeScope extends CollectScope {
  /** The API schema: types and enum values that are not in it do not reach the response. */
  readonly schema: GraphQLSchema;
  /** Where answers stand in the merged tree. */
  readonly keyOf: DocumentKeys['keyOf'];
  readonly conditionOf: (variable: string) => Condition;
  /** Compiles a `__schema` or `__type` field. */
  readonly introspect: (field: CollectedField) => (state: ShapeState) => string;
}

/** Compiles the writer of an operation's `data`: what the operation asks for, in its order, from the merged answers. */
export function compileShape(scope: ShapeScope, rootTypeName: string, selections: ConditionalSelections): Writer {
  const write = compileObject(scope, { typename: rootTypeName, position: Position.root, selections: [selections] });
  return (value, state) => (isJsonObject(value) ? write(value, state) : undefined);
}

/** A place for a value: what the type says of null, and how anything else is written. */
interface Slot {
  readonly isNonNull: boolean;
  readonly position: Position;
  readonly write: Writer;
}

interface FieldSlot extends Slot {
  /** `"key":` */
  readonly prefix: string;
  readonly read: (object: JsonObject) => unknown;
  readonly isIncluded: Condition | undefined;
  /** Answered without a subgraph. */
  readonly isMeta: boolean;
}

/** CompleteValue of the GraphQL specification (6.4.3): undefined means that null must move up to the parent. */
function writeSlot(slot: Slot, value: unknown, state: ShapeState): string | undefined {
  if (value === null || value === undefined) {
    return slot.isNonNull ? slot.position.fail(state, 'Cannot return null for non-nullable') : 'null';
  }
  const text = slot.write(value, state);
  if (text !== undefined) return text;
  if (!slot.isNonNull) return 'null';
  return state.errors.length > 0 ? undefined : slot.position.fail(state, 'Cannot return null for non-nullable');
}

function writeFields(fields: readonly FieldSlot[], object: JsonObject, state: ShapeState): string | undefined {
  let text = '';
  for (const field of fields) {
    if (field.isIncluded !== undefined && !field.isIncluded(state.variables)) continue;
    const value = field.isMeta ? field.write(true, state) : writeSlot(field, field.read(object), state);
    if (value === undefined) return undefined;
    text += (text === '' ? field.prefix : `,${field.prefix}`) + value;
  }
  return `{${text}}`;
}

interface ObjectPlan {
  readonly typename: string;
  readonly position: Position;
  readonly selections: readonly ConditionalSelections[];
}

type ObjectWriter = (object: JsonObject, state: ShapeState) => string | undefined;

function compileObject(scope: ShapeScope, plan: ObjectPlan): ObjectWriter {
  const { fields, deferred } = collectFields(scope, plan.typename, plan.selections);
  const slots = fields.map((field) => compileField(scope, plan, field));
  const write: ObjectWriter = (object, state) => writeFields(slots, object, state);
  if (deferred.length === 0) return write;
  const leave = deferred.map((fragment) => compileDeferred(scope, plan, fragment));
  return (object, state) => {
    for (const note of leave) note(object, state);
    return write(object, state);
  };
}

/** Compiles the note that a fragment is still to be written for an object. */
function compileDeferred(scope: ShapeScope, plan: ObjectPlan, fragment: DeferredFragment): (object: JsonObject, state: ShapeState) => void {
  const { planLabel, label, condition } = fragment;
  const isIncluded = compileAny([condition], scope.conditionOf);
  const write = compileObject(scope, { ...plan, selections: [fragment] });
  return (object, state) => {
    if (isIncluded !== undefined && !isIncluded(state.variables)) return;
    const path = plan.position.pathIn(state);
    const indexes = state.indexes.slice(0, plan.position.listDepth);
    state.deferred?.push({ planLabel, label, path, indexes, write: (later) => write(object, later) });
  };
}

function compileField(scope: ShapeScope, { typename, position }: ObjectPlan, field: CollectedField): FieldSlot {
  const name = field.node.name.value;
  const common = { prefix: `${quote(field.key)}:`, isIncluded: compileAny(field.conditions, scope.conditionOf) };
  const at = position.field({ key: field.key, typename, name });
  const constant = constantWriter(scope, typename, field);
  if (constant !== undefined) return { ...common, isMeta: true, isNonNull: true, position: at, read: () => true, write: constant };
  const parent = scope.schema.getType(typename);
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  if (definition === undefined) throw new Error(`The operation asks for ${typename}.${name}, which the API schema does not have.`);
  return {
    ...common,
    ...compileSlot(scope, definition.type, { position: at, selections: field.selections }),
    isMeta: false,
    read: propertyReader(scope.keyOf(field.node)),
  };
}

/** Fields that are answered without a subgraph. */
function constantWriter(scope: ShapeScope, typename: string, field: CollectedField): Writer | undefined {
  const name = field.node.name.value;
  if (name === '__typename') {
    // An interface object whose entity is gone has no type to name: the object is null then, like any missing entity.
    const text = quote(typename);
    return isObjectType(scope.schema.getType(typename)) ? () => text : () => undefined;
  }
  if (name !== '__schema' && name !== '__type') return undefined;
  const introspect = scope.introspect(field);
  return (_value, state) => introspect(state);
}

interface Place {
  readonly position: Position;
  readonly selections: readonly ConditionalSelections[];
}

function compileSlot(scope: ShapeScope, type: GraphQLOutputType, place: Place): Slot {
  const isNonNull = isNonNullType(type);
  return { isNonNull, position: place.position, write: compileWriter(scope, isNonNull ? type.ofType : type, place) };
}

function compileWriter(scope: ShapeScope, type: GraphQLOutputType, place: Place): Writer {
  if (isListType(type)) return listWriter(scope, type.ofType, place);
  const named = getNamedType(type);
  if (isLeafType(named)) return leafWriter(named, place.position);
  return isObjectType(named) ? objectWriter(scope, named, place) : abstractWriter(scope, named, place);
}

function listWriter(scope: ShapeScope, elementType: GraphQLOutputType, { position, selections }: Place): Writer {
  const element = compileSlot(scope, elementType, { position: position.element(), selections });
  const depth = position.listDepth;
  return (value, state) => {
    if (!Array.isArray(value)) return position.fail(state, 'Expected a list for');
    let text = '';
    let isWhole = true;
    for (let i = 0; i < value.length; i++) {
      state.indexes[depth] = i;
      const item = writeSlot(element, value[i], state);
      // The other elements are still looked at: each may have an error of its own to report.
      if (item === undefined) isWhole = false;
      else text += i === 0 ? item : `,${item}`;
    }
    return isWhole ? `[${text}]` : undefined;
  };
}

/** Objects of a type that is known: whatever type name came with them is not looked at unless it contradicts. */
function objectWriter(scope: ShapeScope, type: GraphQLCompositeType, { position, selections }: Place): Writer {
  const plan = { typename: type.name, position, selections };
  let write: ObjectWriter | undefined;
  return (value, state) => {
    if (!isJsonObject(value)) return position.fail(state, 'Expected an object for');
    const typename = value['__typename'];
    if (typename !== undefined && typename !== type.name && typename !== null) return position.fail(state, 'Invalid __typename found for');
    write ??= compileObject(scope, plan);
    return write(value, state);
  };
}

/** Objects of an interface or union: their type name decides, and must be one that clients may see there. */
function abstractWriter(scope: ShapeScope, type: GraphQLCompositeType, { position, selections }: Place): Writer {
  const writers = new Map<string, ObjectWriter>();
  const compile = (typename: string): ObjectWriter | undefined => {
    if (!isCompositeType(scope.schema.getType(typename)) || !typeApplies(scope.schema, type.name, typename)) return undefined;
    if (isUnionType(scope.schema.getType(typename))) return undefined;
    const writer = compileObject(scope, { typename, position, selections });
    writers.set(typename, writer);
    return writer;
  };
  return (value, state) => {
    if (!isJsonObject(value)) return position.fail(state, 'Expected an object for');
    const typename = value['__typename'] ?? type.name;
    const write = typeof typename === 'string' ? (writers.get(typename) ?? compile(typename)) : undefined;
    return write === undefined ? position.fail(state, 'Invalid __typename found for') : write(value, state);
  };
}
