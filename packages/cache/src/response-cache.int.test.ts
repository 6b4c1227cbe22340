import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { anonymous, type Principal, type UserPrincipal, userPrincipal } from '@app/auth';
import { createMetrics, type Metrics } from '@app/observability';
import { testRedis } from '@app/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectRedis } from './redis.ts';
import { responseCache } from './response-cache.ts';
import { sayWhatIsOwed } from './say-what-is-owed.ts';
import { bumpGeneration } from './writes.ts';

interface Context {
  principal: Principal;
}

const typeDefs = `
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  type Query {
    shared(id: Int): Int @cacheControl(maxAge: 60)
    mine: Int @cacheControl(maxAge: 60, scope: PRIVATE)
    live: Int
    broken: Int @cacheControl(maxAge: 60)
    large: String @cacheControl(maxAge: 60)
    tagged: Int @cacheControl(maxAge: 60)
  }
  type Mutation { change: Int }
`;
const user = (id: string): UserPrincipal => userPrincipal(id, `session of ${id}`, ['CUSTOMER']);
/** Whether caches have yet to be told of a write. */
const writes = { isOwing: false };
let calls = 0;
let metrics: Metrics;
let redis: Redis;
let dispose: () => PromiseLike<void>;
let server: ApolloServer<Context>;

/** Sends what it depends on with the answer to `tagged`. */
const tagging: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response }) => {
      const result = response.body?.kind === 'single' ? response.body.singleResult : undefined;
      if (result?.data && 'tagged' in result.data) result.extensions = { apolloCacheTags: ['thing'] };
    },
  }),
};

function serverOn(connection: Redis, isOn = true): ApolloServer<Context> {
  metrics = createMetrics({ service: 'things' });
  const count = () => {
    calls += 1;
    return calls;
  };
  return new ApolloServer<Context>({
    typeDefs,
    resolvers: {
      Query: {
        tagged: count,
        shared: count,
        mine: count,
        live: count,
        large: () => 'x'.repeat(2_000_000),
        broken: () => Promise.reject(new Error('no')),
      },
      Mutation: { change: count },
    },
    plugins: [
      ApolloServerPluginCacheControl({ calculateHttpHeaders: 'if-cacheable' }),
      sayWhatIsOwed<Context>(writes),
      tagging,
      responseCache<Context>({
        redis: connection,
        name: 'things',
        principalOf: ({ principal }) => principal,
        metrics,
        isOn,
        writes,
      }),
    ],
  });
}

async function ask(query: string, principal: Principal = anonymous, on = server): Promise<Record<string, unknown> | null | undefined> {
  const answer = await on.executeOperation({ query }, { contextValue: { principal } });
  return answer.body.kind === 'single' ? answer.body.singleResult.data : undefined;
}

/** How often lookups ended like this. */
async function counted(result: 'hit' | 'miss' | 'error'): Promise<number> {
  const line = new RegExp(`^subgraph_cache_lookups_total\\{.*result="${result}".*\\} (\\d+)$`, 'm');
  return Number(line.exec(await metrics.text())?.[1] ?? 0);
}

beforeAll(async () => {
  const test = await testRedis();
  dispose = () => test[Symbol.asyncDispose]();
  redis = connectRedis(test.url, () => undefined);
  await new Promise((resolve) => redis.once('ready', resolve));
});
beforeEach(async () => {
  server = serverOn(redis);
  calls = 0;
  writes.isOwing = false;
  await redis.flushdb();
});
afterAll(async () => {
  redis.disconnect();
  await dispose();
});

test('an answer that may be shared is computed once', async () => {
  expect([await ask('{ shared }'), await ask('{ shared }')]).toEqual([{ shared: 1 }, { shared: 1 }]);
  expect([await counted('miss'), await counted('hit')]).toEqual([1, 1]);
});

test('switched off, every request is answered by the resolvers', async () => {
  const plain = serverOn(redis, false);
  expect([await ask('{ shared }', anonymous, plain), await ask('{ shared }', anonymous, plain)]).toEqual([{ shared: 1 }, { shared: 2 }]);
  expect(await redis.keys('response:*')).toEqual([]);
});

test('other variables, another operation and other rights have their own answers', async () => {
  await ask('{ shared }');
  await ask('{ shared(id: 1) }');
  await ask('{ shared shared }');
  await ask('{ shared }', user('usr_1'));
  expect([await counted('miss'), await counted('hit')]).toEqual([4, 0]);
});

test('people with the same rights share what is public', async () => {
  await ask('{ shared }', user('usr_1'));
  expect(await ask('{ shared }', user('usr_2'))).toEqual({ shared: 1 });
});

test('one person with two tokens that allow different things gets two answers', async () => {
  const narrow = user('usr_1');
  const wide = { ...narrow, scopes: [...narrow.scopes, 'reviews:moderate'] };
  for (const field of ['shared', 'mine']) {
    await ask(`{ ${field} }`, wide);
    await ask(`{ ${field} }`, narrow);
    await ask(`{ ${field} }`, { ...narrow, roles: ['SUPPORT'] });
  }
  expect([await counted('miss'), await counted('hit')]).toEqual([6, 0]);
});

test('a private answer is for one identity, and is not stored without one', async () => {
  await ask('{ mine }', user('usr_1'));
  expect(await ask('{ mine }', user('usr_1'))).toEqual({ mine: 1 });
  expect(await ask('{ mine }', user('usr_2'))).toEqual({ mine: 2 });
  await ask('{ mine }');
  expect(await ask('{ mine }')).toEqual({ mine: 4 });
});

test.each(['{ live }', '{ shared live }', '{ broken }', '{ large }', 'mutation { change }'])('%s is never stored', async (query) => {
  await ask(query);
  await ask(query);
  expect(await counted('hit')).toBe(0);
  expect(await redis.keys('response:*')).toEqual([]);
});

test('after a write nobody gets what was computed before, even when it is stored late', async () => {
  await ask('{ shared }');
  await bumpGeneration(redis, 'things');
  expect(await ask('{ shared }')).toEqual({ shared: 2 });
});

test('a write ends what depends on what it names, and what names nothing', async () => {
  await ask('{ tagged }');
  await ask('{ shared }');
  await bumpGeneration(redis, 'things', { tags: ['another'] });
  expect([await ask('{ tagged }'), await ask('{ shared }')]).toEqual([{ tagged: 1 }, { shared: 3 }]);
  await bumpGeneration(redis, 'things', { tags: ['thing'] });
  expect(await ask('{ tagged }')).toEqual({ tagged: 4 });
});

test('an invalidation by hand of a type or a tag ends everything here: which types an answer shows is not known', async () => {
  await ask('{ tagged }');
  await ask('{ shared }');
  await bumpGeneration(redis, 'things', { tags: ['type:Thing'], includesUntagged: false });
  expect([await ask('{ tagged }'), await ask('{ shared }')]).toEqual([{ tagged: 3 }, { shared: 4 }]);
  expect([await ask('{ tagged }'), await ask('{ shared }')]).toEqual([{ tagged: 3 }, { shared: 4 }]);
});

test('while caches have yet to be told of a write nothing is taken from the cache, and nothing is kept', async () => {
  await ask('{ shared }');
  writes.isOwing = true;
  expect([await ask('{ shared }'), await ask('{ shared(id: 1) }')]).toEqual([{ shared: 2 }, { shared: 3 }]);
  writes.isOwing = false;
  expect([await ask('{ shared }'), await ask('{ shared(id: 1) }')]).toEqual([{ shared: 1 }, { shared: 4 }]);
});

test('answers say so too, for caches elsewhere', async () => {
  const headersOf = async (query: string) => {
    const { http } = await server.executeOperation({ query }, { contextValue: { principal: anonymous } });
    return Object.fromEntries(http.headers);
  };
  expect(await headersOf('{ shared }')).toMatchObject({ 'cache-control': 'max-age=60, public' });
  expect(await headersOf('mutation { change }')).not.toHaveProperty('x-untold-writes');
  writes.isOwing = true;
  expect(await headersOf('{ shared(id: 2) }')).toMatchObject({ 'cache-control': 'no-store' });
  expect(await headersOf('mutation { change }')).toMatchObject({ 'x-untold-writes': 'true' });
});

test('without Redis the resolvers answer, at once', async () => {
  const errors: Error[] = [];
  const dead = connectRedis('redis://localhost:1', (error) => errors.push(error));
  expect(await ask('{ shared }', anonymous, serverOn(dead))).toEqual({ shared: 1 });
  expect(await counted('error')).toBeGreaterThan(0);
  dead.disconnect();
});
