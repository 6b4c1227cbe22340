import { expect, test } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.ts';
import type { SubgraphContext, SubgraphSource } from '../testing/test-subgraph.ts';

const cached =
  <Value>(value: Value) =>
  (_parent: unknown, _args: unknown, context: SubgraphContext): Value => {
    context.cacheControl = 'max-age=60';
    return value;
  };

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;

/** Reviews of two products, of which the second is not there any more. */
const shop: Readonly<Record<string, SubgraphSource>> = {
  reviews: {
    sdl: `${LINK}
      type Query { reviews: [Review!]!  latest: Review! }
      type Review { text: String!  product: Product  subject: Product! }
      type Product @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        reviews: cached(['1', '2'].map((id) => ({ text: `about ${id}`, product: { id }, subject: { id } }))),
        latest: cached({ text: 'about 2', product: { id: '2' }, subject: { id: '2' } }),
      },
    },
  },
  products: {
    sdl: `${LINK} type Query { products: Int } type Product @key(fields: "id") { id: ID!  title: String! }`,
    resolvers: { Product: { __resolveReference: ({ id }: { id: string }) => (id === '1' ? { id, title: 'Lamp' } : null) } },
  },
};

test.each(['compiled', 'stock'])('%s: an entity that is not there any more is null, and told beside the data', async (executor) => {
  await using graph = await startTestGateway(shop, { EXECUTOR: executor });
  const { data, errors, extensions } = await graph.ask('{ reviews { text product { title } } }');
  expect(errors).toEqual([]);
  expect(data).toEqual({
    reviews: [
      { text: 'about 1', product: { title: 'Lamp' } },
      { text: 'about 2', product: null },
    ],
  });
  expect(extensions).toMatchObject({ valueCompletion: [{ path: ['reviews', 1, 'product', 'title'] }] });
});

test('when nothing is left of the data, that is an error', async () => {
  await using graph = await startTestGateway(shop);
  const { data, errors } = await graph.ask('{ latest { subject { title } } }');
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['latest', 'subject', 'title'] }]);
});

test('such an answer is not kept as a whole', async () => {
  await using graph = await startTestGateway(shop, { RESPONSE_CACHE: 'true' });
  const asked = async (query: string) => {
    const before = graph.fetches();
    const { extensions } = await graph.ask(query);
    return [graph.fetches() - before, extensions !== undefined];
  };
  expect([await asked('{ reviews { product { title } } }'), await asked('{ reviews { product { title } } }')]).toEqual([
    [2, true],
    [2, true],
  ]);
  expect([await asked('{ reviews { text } }'), await asked('{ reviews { text } }')]).toEqual([
    [1, false],
    [0, false],
  ]);
});
