import { createHash } from 'node:crypto';
import type { SubgraphSource } from '../graph.ts';
import type { RegisteredOperation } from '../operations.ts';

/** A graph as large companies have them, and operations that clients send it. The same numbers give the same text. */
export interface LargeGraph {
  readonly subgraphs: readonly SubgraphSource[];
  readonly operations: readonly RegisteredOperation[];
}

const FIELDS = 12;
/** Entities of other subgraphs that each one adds a field to. */
const NEIGHBOURS = [1, 7, 19];
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@authenticated", "@listSize"])';

/** Each subgraph owns one entity and adds lists of it to three others, so that operations wander through the whole graph. */
export function largeGraph({ subgraphs, operations }: { subgraphs: number; operations: number }): LargeGraph {
  return {
    subgraphs: Array.from({ length: subgraphs }, (_, index) => subgraphOf(index, subgraphs)),
    operations: Array.from({ length: operations }, (_, index) => operationOf(index, subgraphs)),
  };
}

function subgraphOf(index: number, count: number): SubgraphSource {
  const name = `s${index}`;
  const fields = Array.from({ length: FIELDS }, (_, field) => `"""Field ${field}."""\n  f${field}: ${field % 3 === 0 ? 'Int' : 'String'}`);
  const extended = NEIGHBOURS.map((step) => {
    const other = (index + step) % count;
    return `type T${other} @key(fields: "id") {\n  id: ID!\n  """What belongs to it."""\n  t${index}(first: Int = 5): [T${index}!]! @listSize(slicingArguments: ["first"])\n}`;
  });
  const sdl = [
    LINK,
    `type Query {\n  """One."""\n  t${index}(id: ID!): T${index}\n  """Some."""\n  all${index}(first: Int = 10, kind: Kind${index}): [T${index}!]! @listSize(slicingArguments: ["first"])\n}`,
    `type T${index} @key(fields: "id") {\n  id: ID!\n  ${fields.join('\n  ')}\n  """Kind."""\n  kind: Kind${index}\n  """Page."""\n  page: Page @shareable\n  """Secret."""\n  secret: String @authenticated\n}`,
    `type Page @shareable {\n  """Address."""\n  url: String\n}`,
    `enum Kind${index} {\n  NEW\n  OLD\n}`,
    ...extended,
  ].join('\n\n');
  return { name, url: `http://${name}/graphql`, sdl, file: `${name}/schema.graphql` };
}

/** A way of up to four entities through the graph. */
function operationOf(index: number, count: number): RegisteredOperation {
  const root = (index * 31) % count;
  const name = `Operation${index}`;
  const document = `query ${name}($id: ID!) { t${root}(id: $id) ${selection(root, index % 4, { index, count })} }`;
  const hash = createHash('sha256').update(document).digest('hex');
  return { name, document, hash, clients: [`app${index % 5}@1`], lastSeen: '2026-11-01T00:00:00Z' };
}

function selection(entity: number, depth: number, { index, count }: { index: number; count: number }): string {
  const fields = [0, 1, 2].map((offset) => `f${(index + offset) % FIELDS}`).join(' ');
  if (depth === 0) return `{ id ${fields} page { url } }`;
  const step = NEIGHBOURS[(index + depth) % NEIGHBOURS.length] ?? 1;
  const next = (entity - step + count) % count;
  return `{ id ${fields} kind t${next} ${selection(next, depth - 1, { index, count })} }`;
}

/** A change of the first subgraph: a field goes, and a list gets longer by default. */
export function changedGraph({ subgraphs }: LargeGraph): SubgraphSource[] {
  return subgraphs.slice(0, 1).map((source) => ({
    ...source,
    sdl: source.sdl.replace('"""Field 3."""\n  f3: Int', '').replace('first: Int = 10', 'first: Int = 20'),
  }));
}
