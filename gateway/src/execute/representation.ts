import type { FetchDataRewrite, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { DistinctRepresentations } from './distinct-representations.ts';
import type { EntityFetch } from './fetch-description.ts';
import { isJsonObject, type JsonObject, propertyReader } from './json-object.ts';
import { jsonText, quote } from './json-text.ts';
import { compileRewrites, fragmentType } from './rewrites.ts';
import { selectFields } from './select-fields.ts';
import { typeApplies } from './type-condition.ts';

/** Puts an entity among those that a subgraph is asked for: its index there, or -1 when something that the subgraph requires is missing. */
export type Represent = (entity: JsonObject, into: DistinctRepresentations) => number;

/** Writes the representation of an entity as JSON; undefined when something that the subgraph requires is missing. */
type RepresentationWriter = (entity: JsonObject) => string | undefined;

/** What a representation consists of. */
export type RepresentationSource = Pick<EntityFetch, 'requires' | 'inputRewrites' | 'keys'>;

/**
 * Compiles a fetch's `requires`. Per type name of the entity the selections are resolved once into a flat list of keys that are written
 * straight from the entity; selections that overlap or rewrites in depth take the general way over an object.
 */
export function compileRepresentation(schema: GraphQLSchema, source: RepresentationSource): Represent {
  const known = new Map<string, Represent>();
  const general = byText(generalWriter(schema, source));
  const representFor = (typename: string): Represent => {
    const represent = representFlat(schema, { ...source, typename }) ?? general;
    known.set(typename, represent);
    return represent;
  };
  return (entity, into) => {
    const typename = entity['__typename'];
    if (typeof typename !== 'string') return -1;
    const represent = known.get(typename) ?? (schema.getType(typename) === undefined ? undefined : representFor(typename));
    return represent === undefined ? -1 : represent(entity, into);
  };
}

function byText(write: RepresentationWriter): Represent {
  return (entity, into) => {
    const text = write(entity);
    return text === undefined ? -1 : into.indexOf(text);
  };
}

function generalWriter(schema: GraphQLSchema, { requires, inputRewrites, keys }: RepresentationSource): RepresentationWriter {
  const rewrite = compileRewrites(schema, inputRewrites);
  return (entity) => {
    const representation = selectFields(schema, entity, requires);
    if (representation === null || !representation['__typename']) return undefined;
    rewrite?.(representation);
    const isSent = hasKey(keys, String(representation['__typename']), (name) => representation[name] !== undefined);
    return isSent ? JSON.stringify(representation) : undefined;
  };
}

/** True when a subgraph can find an entity by what a representation has. */
function hasKey(keys: RepresentationSource['keys'], typename: string, has: (name: string) => boolean): boolean {
  return keys === undefined || (Object.hasOwn(keys, typename) && (keys[typename]?.some((key) => key.every(has)) ?? false));
}

interface FlatSource extends RepresentationSource {
  readonly typename: string;
}

function representFlat(schema: GraphQLSchema, { typename, requires, inputRewrites, keys }: FlatSource): Represent | undefined {
  const fields = flatten(schema, requires, typename);
  if (fields === undefined || !fields.some((field) => field.name === '__typename')) return undefined;
  const outputs = fields.map((field) => flatField(schema, field));
  let sentTypename = typename;
  for (const rewrite of inputRewrites) {
    if (!applyFlat(schema, { rewrite, typename, outputs })) return undefined;
    if (rewrite.kind === 'ValueSetter' && setsTypename(schema, rewrite, typename)) sentTypename = String(rewrite.setValueTo);
  }
  const isSent = hasKey(keys, sentTypename, (name) => outputs.some((output) => output.name === name));
  return isSent ? byValues(outputs) : () => -1;
}

/** Most entities of a batch were met before: their values lead to their index, and no text is written. */
function byValues(fields: readonly FlatField[]): Represent {
  const represent = byText(writeAll(fields));
  const readers = fields.filter(({ source }) => source !== '__typename').map(({ read }) => read);
  return (entity, into) => {
    let branch = into.branchOf(represent);
    let value: unknown;
    for (let depth = 0; depth < readers.length; depth++) {
      if (depth > 0) branch = branch.next(value);
      value = readers[depth]?.(entity);
      if (value === undefined) return -1;
      if (typeof value === 'object' && value !== null) return represent(entity, into);
    }
    return branch.indexes.get(value) ?? branch.keep(value, represent(entity, into));
  };
}

/** The fields that apply to one type when they come from a single selection set, so that one missing field leaves nothing to send. */
function flatten(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[], typename: string): QueryPlanFieldNode[] | undefined {
  const direct = selections.filter((selection) => selection.kind === 'Field');
  const fragments = selections
    .filter((selection) => selection.kind === 'InlineFragment')
    .filter((fragment) => {
      return fragment.typeCondition !== undefined && typeApplies(schema, fragment.typeCondition, typename);
    });
  const [only, ...others] = fragments;
  if (only === undefined) return direct;
  if (others.length > 0 || direct.length > 0) return undefined;
  return flatten(schema, only.selections, typename);
}

interface FlatField {
  readonly source: string;
  name: string;
  read: (entity: JsonObject) => unknown;
  /** Undefined when something is missing inside the value. */
  write: (value: unknown) => string | undefined;
}

function flatField(schema: GraphQLSchema, field: QueryPlanFieldNode): FlatField {
  const key = field.alias ?? field.name;
  return { source: key, name: key, read: propertyReader(key), write: valueWriter(schema, field.selections) };
}

function valueWriter(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[] | undefined): FlatField['write'] {
  if (selections === undefined || selections.length === 0) return jsonText;
  const isPlain = selections.every((selection) => selection.kind === 'Field');
  const object: RepresentationWriter = isPlain
    ? writeAll(selections.filter((selection) => selection.kind === 'Field').map((field) => flatField(schema, field)))
    : (entity) => {
        const selected = selectFields(schema, entity, selections);
        return selected === null ? undefined : JSON.stringify(selected);
      };
  const write = (value: unknown): string | undefined => {
    if (!Array.isArray(value)) return isJsonObject(value) ? object(value) : 'null';
    const items = value.map(write);
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
  };
  return write;
}

function writeAll(fields: readonly FlatField[]): RepresentationWriter {
  const slots = fields.map(({ name, read, write }, index) => ({ prefix: `${index === 0 ? '' : ','}${quote(name)}:`, read, write }));
  return (entity) => {
    let text = '{';
    for (const slot of slots) {
      const value = slot.read(entity);
      const written = value === undefined ? undefined : slot.write(value);
      if (written === undefined) return undefined;
      text += slot.prefix + written;
    }
    return `${text}}`;
  };
}

function setsTypename(schema: GraphQLSchema, { path }: FetchDataRewrite, typename: string): boolean {
  const types = path.map(fragmentType).filter((type) => type !== undefined);
  return path.at(-1) === '__typename' && types.every((type) => typeApplies(schema, type, typename));
}

/** Applies a rewrite of the representation's own keys while compiling; false when it reaches deeper. */
function applyFlat(
  schema: GraphQLSchema,
  { rewrite, typename, outputs }: { rewrite: FetchDataRewrite; typename: string; outputs: FlatField[] },
): boolean {
  const keys = rewrite.path.filter((element) => fragmentType(element) === undefined);
  const types = rewrite.path.map(fragmentType).filter((type) => type !== undefined);
  const [key] = keys;
  if (key === undefined || keys.length !== 1) return false;
  if (!types.every((type) => typeApplies(schema, type, typename))) return true;
  const output = outputs.find((field) => field.source === key);
  if (output === undefined) return false;
  if (rewrite.kind === 'KeyRenamer') output.name = rewrite.renameKeyTo;
  else {
    const text = jsonText(rewrite.setValueTo);
    output.write = () => text;
  }
  return true;
}
