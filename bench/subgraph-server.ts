import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { type SubgraphName, sdlOf, subgraphs } from './supergraph.ts';

const USERS = Array.from({ length: 6 }, (_, i) => ({
  __typename: 'User',
  id: String(i + 1),
  name: `Name of user ${i + 1}`,
  username: `user-${i + 1}`,
  birthday: 1990 + i,
}));
const PRODUCTS = Array.from({ length: 9 }, (_, i) => ({
  __typename: 'Product',
  upc: String(i + 1),
  name: `Product ${i + 1}`,
  price: 100 * (i + 1),
  weight: 50 * (i % 4),
  inStock: i % 3 > 0,
}));
const BODIES = ['Love it!', 'Prefer something else.', 'Could be better.', 'Too expensive.', 'A classic.'];
const REVIEWS = Array.from({ length: 11 }, (_, i) => ({
  __typename: 'Review',
  id: String(i + 1),
  body: BODIES[i % 5],
  userId: String((i % 3) + 1),
  upc: String(((i * 2) % 5) + 1),
}));

const authorOf = (id: string) => USERS.find((user) => user.id === id);

type Row = Record<string, unknown>;

const resolvers: Record<SubgraphName, object> = {
  accounts: {
    Query: { me: () => USERS[0], users: () => USERS, user: (_: unknown, { id }: { id: string }) => authorOf(id) },
    User: { __resolveReference: ({ id }: { id: string }) => authorOf(id) },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => PRODUCTS.slice(0, first) },
    Product: { __resolveReference: ({ upc }: { upc: string }) => PRODUCTS.find((product) => product.upc === upc) },
  },
  inventory: {
    Product: {
      __resolveReference: (reference: Row) => ({ ...reference, inStock: PRODUCTS.find(({ upc }) => upc === reference['upc'])?.inStock }),
      shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 1000 ? 0 : Math.round(weight * 0.5)),
    },
  },
  reviews: {
    Review: { author: ({ userId }: Row) => authorOf(String(userId)), product: ({ upc }: Row) => ({ __typename: 'Product', upc }) },
    User: { reviews: ({ id }: Row) => REVIEWS.filter(({ userId }) => userId === id), __resolveReference: (user: Row) => user },
    Product: {
      reviews: (product: Row) => REVIEWS.filter(({ upc }) => upc === product['upc']),
      __resolveReference: (product: Row) => product,
    },
  },
};

/** What caches may keep, for the gateways that have one. */
const head = { 'content-type': 'application/json', 'cache-control': 'public, max-age=60' };

/** Calls answered by all of them so far: `GET /count` tells. */
let answered = 0;

/**
 * A subgraph that costs next to nothing: what it answered to a request body once, it answers again without looking. The measurement is about
 * gateways; a slow subgraph would only hide them.
 */
function serve(name: SubgraphName, port: number): void {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdlOf(name)), resolvers: resolvers[name] as never }]);
  const known = new Map<string, Buffer>();
  const answer = async (body: string): Promise<Buffer> => {
    const { query, variables } = JSON.parse(body);
    const text = Buffer.from(JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables })));
    if (known.size < 10_000) known.set(body, text);
    return text;
  };
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      if (request.url === '/count') {
        response.end(String(answered));
        return;
      }
      answered++;
      const body = Buffer.concat(chunks).toString();
      const text = known.get(body) ?? (await answer(body));
      response.writeHead(200, { ...head, 'content-length': text.length }).end(text);
    });
  }).listen(port, '127.0.0.1');
}

const firstPort = Number(process.argv[2]);
for (const [index, name] of (Object.keys(subgraphs) as SubgraphName[]).entries()) serve(name, firstPort + index);
