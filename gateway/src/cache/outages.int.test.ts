import { UNTOLD_HEADER } from '@app/cache';
import { testRedisServer } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import type { SubgraphContext, SubgraphSource } from '../testing/test-subgraph.ts';

/** What the subgraph shows. Writes here tell nobody: their subgraph does not reach Redis. */
let stock = 0;
let asked = 0;

const items: SubgraphSource = {
  sdl: 'type Query { stock: Int other: Int } type Mutation { sell: Int }',
  resolvers: {
    Query: {
      stock: (_parent: unknown, _args: unknown, context: SubgraphContext) => {
        context.cacheControl = 'max-age=60';
        return stock;
      },
      other: (_parent: unknown, _args: unknown, context: SubgraphContext) => {
        context.cacheControl = 'max-age=60';
        asked += 1;
        return asked;
      },
    },
    Mutation: {
      sell: (_parent: unknown, _args: unknown, context: SubgraphContext) => {
        context.responseHeaders = { [UNTOLD_HEADER]: 'true' };
        stock += 1;
        return stock;
      },
    },
  },
};

const owned = new AsyncDisposableStack();
let redis: Redis;
let redisUrl: string;

beforeAll(async () => {
  const server = owned.use(await testRedisServer());
  redisUrl = server.url;
  redis = owned.adopt(new Redis(redisUrl), (connection) => connection.disconnect());
});
beforeEach(async () => {
  await redis.flushall();
  stock = 1;
});
afterAll(() => owned.disposeAsync());

/** A gateway that keeps answers; one beside another has the same supergraph. */
async function start(other?: TestGateway): Promise<TestGateway> {
  const caches = { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true', REDIS_URL: redisUrl };
  const graph = await startTestGateway({ items }, caches, (sdl) => other?.gateway.schema.current.sdl ?? sdl);
  await untilItKeeps(graph);
  return graph;
}

async function untilItKeeps(graph: TestGateway): Promise<void> {
  const keeps = async () => {
    await graph.ask('{ other }');
    const before = asked;
    await graph.ask('{ other }');
    expect(asked).toBe(before);
  };
  await vi.waitFor(keeps, { timeout: 20_000, interval: 20 });
}

test('what was kept before Redis was away is not used after it: somebody may have written whom it did not hear', async () => {
  await using graph = await start();
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 1 });
  stock = 2;
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await untilItKeeps(graph);
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 2 });
});

test('a writer reads what it wrote although its subgraph could tell nobody', async () => {
  await using one = await start();
  await using two = await start(one);
  for (const graph of [one, two]) expect((await graph.ask('{ stock }')).data).toEqual({ stock: 1 });
  expect((await one.ask('mutation { sell }')).data).toEqual({ sell: 2 });
  for (const graph of [one, two]) expect((await graph.ask('{ stock }')).data).toEqual({ stock: 2 });
});

test('a writer reads what it wrote although nobody can tell anybody', async () => {
  await using graph = await start();
  await graph.ask('{ stock }');
  // As a replica, Redis answers and takes no writes.
  await redis.call('REPLICAOF', '127.0.0.1', '1');
  expect((await graph.ask('mutation { sell }')).data).toEqual({ sell: 2 });
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 2 });
  await redis.call('REPLICAOF', 'NO', 'ONE');
  await untilItKeeps(graph);
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 2 });
});

test('without Redis, too', async () => {
  await using graph = await startTestGateway({ items }, { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' });
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 1 });
  await graph.ask('mutation { sell }');
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 2 });
});
