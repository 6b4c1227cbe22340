import { testRedisServer } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import type { SubgraphContext, SubgraphSource } from '../testing/test-subgraph.ts';

/** What the subgraph shows. Writes here tell nobody: their subgraph does not reach Redis. */
let stock = 0;

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
        return 1;
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

/** A gateway that keeps answers. */
async function start(): Promise<TestGateway> {
  const graph = await startTestGateway({ items }, { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true', REDIS_URL: redisUrl });
  await untilItKeeps(graph);
  return graph;
}

async function untilItKeeps(graph: TestGateway): Promise<void> {
  const keeps = async () => {
    await graph.ask('{ other }');
    const before = graph.fetches();
    await graph.ask('{ other }');
    expect(graph.fetches()).toBe(before);
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
