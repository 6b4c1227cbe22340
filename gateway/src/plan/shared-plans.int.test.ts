import { testRedis } from '@app/testing';
import { parse } from 'graphql';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeForTest, shop } from '../execute/testing/supergraphs.ts';
import { RedisRoom } from '../redis-room.ts';
import { createPlanner } from './planner.ts';
import { redisPlans, type SharedPlans } from './shared-plans.ts';

const owned = new AsyncDisposableStack();
const sdl = composeForTest(shop);
const errors: unknown[] = [];
let redis: Redis;

beforeAll(async () => {
  const { url } = owned.use(await testRedis());
  redis = owned.adopt(new Redis(url), (connection) => connection.disconnect());
});
afterAll(() => owned.disposeAsync());

function planner(shared: SharedPlans, { id = 'one', deadlineMs = 20_000 } = {}) {
  const made = createPlanner({ id, sdl }, { deadlineMs, cacheBytes: 1_000_000, compile: ({ plan }) => ({ plan }), shared });
  owned.defer(() => made.stop());
  return (query: string) => made.plan({ operationKey: query, document: parse(query), operationName: undefined });
}

const query = '{ me { name reviews { body product { name } } } }';
/** Nothing can be planned in this time. */
const noTime = { deadlineMs: 0 };

test('what one gateway planned, another one need not plan, and it is the same plan', async () => {
  const plans = redisPlans(redis, (error) => errors.push(error));
  const made = await planner(plans)(query);
  await expect.poll(() => redis.keys('plan:*')).toHaveLength(1);
  expect(await planner(plans, noTime)(query)).toEqual(made);
  await expect(planner(plans, noTime)('{ me { id } }')).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('plans of operations of which no two are the same do not fill Redis', async () => {
  const plans = redisPlans(redis, (error) => errors.push(error), new RedisRoom({ characters: 12_000, lifetimeMs: 86_400_000 }));
  for (let n = 0; n < 50; n++) plans.set('many', `${n}`, 'x'.repeat(1_000));
  await redis.ping();
  expect(await redis.keys('plan:*:many:*')).toHaveLength(10);
});

test('another supergraph has plans of its own', async () => {
  const plans = redisPlans(redis, (error) => errors.push(error));
  await expect(planner(plans, { ...noTime, id: 'two' })(query)).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('without Redis, or with nonsense in it, a gateway plans for itself', async () => {
  const dead = owned.adopt(new Redis(1, { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => null }), (connection) =>
    connection.disconnect(),
  );
  dead.on('error', () => undefined);
  const plans = redisPlans(dead, (error) => errors.push(error));
  expect(await planner(plans)(query)).toHaveProperty('plan.kind', 'QueryPlan');
  const [key = ''] = await redis.keys('plan:*');
  await redis.set(key, '{');
  expect(await planner(redisPlans(redis, (error) => errors.push(error)))(query)).toHaveProperty('plan.kind', 'QueryPlan');
  expect(errors.length).toBeGreaterThan(1);
});
