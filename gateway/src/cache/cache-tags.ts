import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { FetchOperation } from '../fetch/fetcher.ts';
import { argumentOf, directivesOf, hasFields, subgraphNames } from '../plan/supergraph-document.ts';
import { type TagSet, unionOfTags } from './tag-set.ts';

/** Text with places for values: `product-{$key.id}`. Pieces at odd places are paths. */
type Format = readonly string[];

const JOIN_DIRECTIVE = 'join__directive';
const CACHE_TAG = /__cacheTag$|^cacheTag$/;

/**
 * The tags that a supergraph declares with `@cacheTag` (federation 2.12): on entity types with places for their keys (`{$key.id}`), on root
 * fields of queries with places for their arguments (`{$args.id}`). What carries none is untagged. Everything has the tag `type:‹type›` too,
 * root fields that of `Query`.
 */
export class CacheTags {
  /** By subgraph and type, or root field. */
  private readonly formats: ReadonlyMap<string, readonly Format[]>;
  private readonly rootFields = new WeakMap<FetchOperation, readonly FieldNode[]>();

  constructor(supergraphSdl: string) {
    this.formats = readFormats(parse(supergraphSdl, { noLocation: true }));
  }

  /** What an entity depends on that is asked for with this representation, as JSON. */
  ofEntity(subgraph: string, representation: string): TagSet {
    const type = /^\{"__typename":"(\w+)"/.exec(representation)?.[1];
    if (type === undefined) return { tags: [], isUntagged: true };
    const formats = this.formats.get(`${subgraph} ${type}`);
    if (formats === undefined) return { tags: [`type:${type}`], isUntagged: true };
    return tagsOf([...formats], { key: JSON.parse(representation) as unknown }, type);
  }

  /** What root fields depend on that are asked for with these variables, as JSON members without braces. */
  ofRoot(operation: FetchOperation, variables: string): TagSet {
    const fields = this.rootFields.get(operation) ?? rootFieldsOf(operation.query);
    this.rootFields.set(operation, fields);
    let values: Record<string, unknown> | undefined;
    const sets = fields.map((field): TagSet => {
      const formats = this.formats.get(`${operation.subgraph} Query.${field.name.value}`);
      if (formats === undefined) return { tags: ['type:Query'], isUntagged: true };
      values ??= JSON.parse(`{${variables}}`) as Record<string, unknown>;
      return tagsOf(formats, { args: argumentsOf(field, values) }, 'Query');
    });
    return unionOfTags(sets);
  }
}

function tagsOf(formats: readonly Format[], values: Readonly<Record<string, unknown>>, type: string): TagSet {
  const tags = formats.map((format) => fill(format, values));
  const known = tags.filter((tag) => tag !== undefined);
  return { tags: [...known, `type:${type}`], isUntagged: known.length < tags.length };
}

/** Undefined when a value is missing or is no scalar: such a tag stands for nothing. */
function fill(format: Format, values: Readonly<Record<string, unknown>>): string | undefined {
  let text = '';
  for (const [index, piece] of format.entries()) {
    const value = index % 2 === 0 ? piece : at(values, piece);
    if (value === undefined || value === null || typeof value === 'object') return undefined;
    text += String(value);
  }
  return text;
}

function at(values: unknown, path: string): unknown {
  let value = values;
  for (const name of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return value;
}

function rootFieldsOf(query: string): readonly FieldNode[] {
  const operation = parse(query, { noLocation: true }).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const collect = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      return selection.kind === Kind.INLINE_FRAGMENT ? collect(selection.selectionSet) : [];
    });
  return operation === undefined ? [] : collect(operation.selectionSet).filter(({ name }) => name.value !== '__typename');
}

function argumentsOf({ arguments: nodes = [] }: FieldNode, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(nodes.map(({ name, value }: ArgumentNode) => [name.value, valueFromASTUntyped(value, variables)]));
}

function readFormats(document: DocumentNode): Map<string, Format[]> {
  const formats = new Map<string, Format[]>();
  const names = subgraphNames(document);
  const add = (place: string, directives: readonly ConstDirectiveNode[]) => {
    for (const [graph, format] of directives.flatMap(cacheTagsOf)) {
      const key = `${names.get(graph) ?? graph} ${place}`;
      formats.set(key, [...(formats.get(key) ?? []), format]);
    }
  };
  for (const type of document.definitions.filter(hasFields)) {
    add(type.name.value, directivesOf(type, JOIN_DIRECTIVE));
    for (const field of type.fields ?? []) add(`${type.name.value}.${field.name.value}`, directivesOf(field, JOIN_DIRECTIVE));
  }
  return formats;
}

/** Enum values of subgraphs, with the format that holds there. */
function cacheTagsOf(directive: ConstDirectiveNode): (readonly [string, Format])[] {
  const [name, graphs, values] = [argumentOf(directive, 'name'), argumentOf(directive, 'graphs'), argumentOf(directive, 'args')];
  if (name?.kind !== Kind.STRING || !CACHE_TAG.test(name.value) || graphs?.kind !== Kind.LIST || values?.kind !== Kind.OBJECT) return [];
  const format = values.fields.find((field) => field.name.value === 'format')?.value;
  if (format?.kind !== Kind.STRING) return [];
  const pieces = format.value.split(/\{\$([\w.]+)\}/);
  return graphs.values.flatMap((graph) => (graph.kind === Kind.ENUM ? [[graph.value, pieces] as const] : []));
}
