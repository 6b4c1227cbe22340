import { expect, test } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])`;

const reference = (shelf: unknown) => shelf;

/** Prices move from the old subgraph to the new one. */
const move: Readonly<Record<string, SubgraphSource>> = {
  old: {
    sdl: `${LINK} type Query { shelf: Shelf  greeting: String } type Shelf @key(fields: "id") { id: ID!  price: String  width: String }`,
    resolvers: {
      Query: { shelf: () => ({ id: '1' }), greeting: () => 'old' },
      Shelf: { __resolveReference: reference, price: () => 'old', width: () => 'old' },
    },
  },
  fresh: {
    sdl: `${LINK}
      type Query { greeting: String @override(from: "old", label: "percent(100)") }
      type Shelf @key(fields: "id") {
        id: ID!
        price: String @override(from: "old", label: "move:prices")
        width: String @override(from: "old", label: "percent(0)")
      }`,
    resolvers: {
      Query: { greeting: () => 'fresh' },
      Shelf: { __resolveReference: reference, price: () => 'fresh', width: () => 'fresh' },
    },
  },
};

const query = '{ greeting shelf { price width } }';

test('percentages are in the schema; other labels are off until they are configured', async () => {
  await using graph = await startTestGateway(move);
  const { data, errors } = await graph.ask(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({ greeting: 'fresh', shelf: { price: 'old', width: 'old' } });
});

test('configured shares win', async () => {
  await using graph = await startTestGateway(move, { OVERRIDE_LABELS: 'move:prices=100,percent(0)=100,percent(100)=0' });
  const { data } = await graph.ask(query);
  expect(data).toEqual({ greeting: 'old', shelf: { price: 'fresh', width: 'fresh' } });
});

test('one operation has one plan for each set of active labels', async () => {
  await using graph = await startTestGateway(move, { OVERRIDE_LABELS: 'move:prices=50' });
  const seen = new Set<unknown>();
  for (let i = 0; seen.size < 2 && i < 200; i++) seen.add(JSON.stringify((await graph.ask('{ shelf { price } }')).data));
  const answer = (from: string) => JSON.stringify({ shelf: { price: from } });
  expect([...seen].sort()).toEqual([answer('fresh'), answer('old')]);
});
