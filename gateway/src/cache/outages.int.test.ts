import { setTimeout as sleep } from 'node:timers/promises';
import { AnnouncedWrites, connectRedis, UNTOLD_HEADER } from '@app/cache';
import { type RestartableServer, testRedisServer } from '@app/testing';
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
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 1);
let server: RestartableServer;
let redis: Redis;
let redisUrl: string;

beforeAll(async () => {
  console.info(`seed ${seed}`);
  server = owned.use(await testRedisServer());
  redisUrl = server.url;
  redis = owned.adopt(new Redis(redisUrl), (connection) => connection.disconnect());
  redis.on('error', () => undefined);
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

test('nobody goes on reading what was kept while Redis can be told of no write', async () => {
  await using one = await start();
  await using two = await start(one);
  for (const graph of [one, two]) await graph.ask('{ stock }');
  await redis.call('REPLICAOF', '127.0.0.1', '1');
  await one.ask('mutation { sell }');
  await vi.waitFor(async () => expect((await two.ask('{ stock }')).data).toEqual({ stock: 2 }), { timeout: 10_000 });
  await one.ask('mutation { sell }');
  await redis.call('REPLICAOF', 'NO', 'ONE');
  await untilItKeeps(two);
  expect((await two.ask('{ stock }')).data).toEqual({ stock: 3 });
});

test('without Redis, too', async () => {
  await using graph = await startTestGateway({ items }, { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' });
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 1 });
  await graph.ask('mutation { sell }');
  expect((await graph.ask('{ stock }')).data).toEqual({ stock: 2 });
});

const outages = [
  { kind: 'is lost or loses what it had', gateways: 2, takesWrites: true },
  // Another gateway notices a moment later only.
  { kind: 'also takes no writes', gateways: 1, takesWrites: false },
];

test.each(outages)('while Redis $kind, nobody reads what is older than the last answered write', { timeout: 120_000 }, async (outage) => {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state >>> 12) % below;
  };
  await using resources = new AsyncDisposableStack();
  const connection = resources.adopt(
    connectRedis(redisUrl, () => undefined),
    (each) => each.disconnect(),
  );
  const writes = resources.adopt(new AnnouncedWrites({ redis: connection, subgraph: 'shelves', onError: () => undefined }), (each) =>
    each.close(),
  );
  const counts = [0, 0, 0];
  const shelves: SubgraphSource = {
    sdl: 'type Query { shelf(id: Int!): Int } type Mutation { sell(id: Int!): Int }',
    resolvers: {
      Query: {
        shelf: async (_parent: unknown, { id }: { id: number }, context: SubgraphContext) => {
          const count = counts[id];
          await sleep(next(10));
          context.cacheControl = writes.isOwing ? 'no-store' : 'max-age=60';
          context.extensions = { apolloCacheTags: [`shelf-${id}`] };
          return count;
        },
      },
      Mutation: {
        sell: async (_parent: unknown, { id }: { id: number }, context: SubgraphContext) => {
          const count = (counts[id] ?? 0) + 1;
          counts[id] = count;
          await writes.tell({ tags: [`shelf-${id}`] });
          if (writes.isOwing) context.responseHeaders = { [UNTOLD_HEADER]: 'true' };
          return count;
        },
      },
    },
  };
  const caches = { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true', REDIS_URL: redisUrl };
  const graph = resources.use(await startTestGateway({ shelves }, caches));
  const others =
    outage.gateways === 1 ? [] : [resources.use(await startTestGateway({ shelves }, caches, () => graph.gateway.schema.current.sdl))];
  const any = () => [graph, ...others][next(outage.gateways)] ?? graph;
  const answered = [0, 0, 0];
  let hits = 0;
  const client = async () => {
    for (let n = 0; n < 150 * rounds; n += 1) {
      const id = next(3);
      if (next(8) === 0) {
        const { data } = await any().ask(`mutation { sell(id: ${id}) }`);
        answered[id] = Math.max(answered[id] ?? 0, Number(data?.['sell']));
      } else {
        const [atLeast, before] = [answered[id], graph.fetches()];
        const { data } = await any().ask(`{ shelf(id: ${id}) }`);
        if (graph.fetches() === before) hits += 1;
        expect(data?.['shelf']).toBeGreaterThanOrEqual(atLeast ?? 0);
      }
    }
  };
  /** As a restart with a snapshot from before. */
  const restoreOld = async () => {
    const old = await redis.dumpBuffer('writes:shelves');
    await sleep(next(500));
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    if (old !== null) await redis.restore('writes:shelves', 0, old, 'REPLACE');
  };
  const refuseWrites = async () => {
    await redis.call('REPLICAOF', '127.0.0.1', '1');
    await sleep(next(600));
    await redis.call('REPLICAOF', 'NO', 'ONE');
  };
  const troubles = [
    () => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    () => redis.flushall(),
    () => redis.call('CLIENT', 'PAUSE', '400', 'ALL'),
    () => server.restart(),
    restoreOld,
    ...(outage.takesWrites ? [] : [refuseWrites, () => redis.call('CLIENT', 'PAUSE', '400', 'WRITE')]),
  ];
  let isOver = false;
  const trouble = async () => {
    while (!isOver) {
      await troubles[next(troubles.length)]?.();
      await sleep(next(800));
    }
  };
  const troubled = trouble();
  await Promise.all(Array.from({ length: 6 }, client)).finally(() => {
    isOver = true;
  });
  await troubled;
  expect(hits).toBeGreaterThan(0);
});
