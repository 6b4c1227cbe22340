import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import {
  argumentOf,
  directivesOf,
  type FieldsDefinition,
  graphOf,
  hasFields,
  JOIN_FIELD,
  JOIN_TYPE,
  parseFieldSet,
  subgraphNames,
} from './supergraph-document.ts';

/** Fields as paths of names, joined by dots. */
export type FieldPaths = ReadonlySet<string>;

/** What subgraphs need to be sent. */
export interface Requirements {
  /** What a field of an entity requires in a subgraph, besides keys. */
  of(subgraph: string, type: string, field: string): FieldPaths;
  /** The fields of all keys of a type in a subgraph. */
  keysOf(subgraph: string, type: string): FieldPaths;
  /** By which fields a subgraph resolves each of its types of entities; for each key the fields at its top. */
  keysByType(subgraph: string): ReadonlyMap<string, readonly (readonly string[])[]>;
}

const NOTHING: FieldPaths = new Set();

/** Reads the keys and the `@requires` of a supergraph. */
export function readRequirements(document: DocumentNode): Requirements {
  const names = subgraphNames(document);
  const found = new Map<string, Set<string>>();
  const add = (place: readonly string[], fieldSet: string) => {
    const key = place.join(' ');
    const paths = found.get(key) ?? new Set<string>();
    found.set(key, paths);
    addPaths(parseFieldSet(fieldSet), '', paths);
  };
  const read = (type: FieldsDefinition): void => {
    for (const join of directivesOf(type, JOIN_TYPE)) {
      const key = argumentOf(join, 'key');
      if (key?.kind === Kind.STRING) add([names.get(graphOf(join)) ?? '', type.name.value], key.value);
    }
    for (const field of type.fields ?? []) {
      for (const join of directivesOf(field, JOIN_FIELD)) {
        const requires = argumentOf(join, 'requires');
        if (requires?.kind === Kind.STRING) add([names.get(graphOf(join)) ?? '', type.name.value, field.name.value], requires.value);
      }
    }
  };
  document.definitions.filter(hasFields).forEach(read);
  const at = (...place: string[]) => found.get(place.join(' ')) ?? NOTHING;
  const keys = resolvableKeys(document);
  return { of: at, keysOf: at, keysByType: (subgraph) => keys.get(subgraph) ?? new Map() };
}

function resolvableKeys(document: DocumentNode): Map<string, Map<string, string[][]>> {
  const names = subgraphNames(document);
  const found = new Map<string, Map<string, string[][]>>();
  for (const type of document.definitions.filter(hasFields)) {
    for (const join of directivesOf(type, JOIN_TYPE)) {
      const key = argumentOf(join, 'key');
      const resolvable = argumentOf(join, 'resolvable');
      if (key?.kind !== Kind.STRING || (resolvable?.kind === Kind.BOOLEAN && !resolvable.value)) continue;
      const subgraph = names.get(graphOf(join)) ?? '';
      const keys = found.get(subgraph) ?? new Map<string, string[][]>();
      found.set(subgraph, keys);
      const fields = parseFieldSet(key.value).selections.flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : []));
      keys.set(type.name.value, [...(keys.get(type.name.value) ?? []), fields]);
    }
  }
  return found;
}

function addPaths(set: SelectionSetNode, prefix: string, paths: Set<string>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) addPaths(selection.selectionSet, prefix, paths);
    else if (selection.selectionSet) addPaths(selection.selectionSet, `${prefix}${selection.name.value}.`, paths);
    else paths.add(prefix + selection.name.value);
  }
}
