import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import { composeForTest, media, shop } from '../execute/testing/supergraphs.ts';
import { createPlanner, type Planner, type PlanRequest } from './planner.ts';

const open: Planner<object>[] = [];
afterEach(async () => {
  for (const planner of open.splice(0)) await planner.stop();
});

function setUp(options: { deadlineMs?: number; cacheBytes?: number; heapMiB?: number } = {}, sdl = composeForTest(shop)) {
  const planner = createPlanner(
    { id: 'test', sdl },
    { deadlineMs: 20_000, cacheBytes: 1_000_000, compile: ({ plan }) => ({ plan }), ...options },
  );
  open.push(planner);
  return planner;
}

function request(query: string, operationKey = query): PlanRequest {
  return { operationKey, document: parse(query), operationName: undefined };
}

/** Takes the planner minutes: every level may go through three subgraphs. */
const endless = `{ media { ${'... on Book { id stars isLent } ... on Media { creator { loans { votes { by { favourite { '.repeat(4)} id ${'} } } } } }'.repeat(4)} } }`;

test('an operation is planned once and then known', async () => {
  const planner = setUp();
  const [one, two] = await Promise.all([planner.plan(request('{ me { name } }')), planner.plan(request('{ me { name } }'))]);
  expect(one).toBe(two);
  const again = planner.plan(request('{ me { name } }'));
  expect(again).toEqual(one);
  expect(planner.plan(request('{ me { name } }'))).toBe(again);
  expect(one).toMatchObject({ plan: { kind: 'QueryPlan', node: { kind: 'Fetch', serviceName: 'accounts' } } });
});

test('the cache is bounded by bytes', async () => {
  const planner = setUp({ cacheBytes: 5_000 });
  await planner.plan(request('{ me { name } }'));
  expect(planner.plan(request('{ me { name } }')), 'known').not.toBeInstanceOf(Promise);
  for (let i = 0; i < 30; i++) await planner.plan(request(`{ a${i}: me { name } }`));
  const again = planner.plan(request('{ me { name } }'));
  expect(again, 'planned again').toBeInstanceOf(Promise);
  await again;
});

test('an operation that cannot be planned is refused and the thread goes on', async () => {
  const planner = setUp();
  await expect(planner.plan(request('{ nonsense }'))).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  expect(await planner.plan(request('{ me { name } }'))).toBeDefined();
});

test('a plan that takes too long is given up and those behind it are planned', async () => {
  const planner = setUp({ deadlineMs: 1_500 }, composeForTest(media));
  const slow = planner.plan(request(endless));
  const next = planner.plan(request('{ media { id } }'));
  await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(await next).toBeDefined();
}, 30_000);

test('a plan that takes too much memory is given up and those behind it are planned', async () => {
  const planner = setUp({ heapMiB: 160 }, composeForTest(media));
  const circle = '{ book(id: "1") { votes { by { loans { summary isLent ... on Book { title summary pages stars } __typename } } } } }';
  const greedy = planner.plan(request(circle));
  const next = planner.plan(request('{ media { id } }'));
  await expect(greedy).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect(await next).toBeDefined();
}, 30_000);

test('planning leaves the event loop free', async () => {
  const planner = setUp({ deadlineMs: 1_000 }, composeForTest(media));
  await planner.plan(request('{ media { id } }'));
  let isSettled = false;
  const slow = Promise.resolve(planner.plan(request(endless)))
    .catch(() => undefined)
    .then(() => (isSettled = true));
  await sleep(1);
  expect(isSettled).toBe(false);
  await slow;
}, 30_000);

test('what waits when the planner stops is refused', async () => {
  const planner = setUp();
  const waiting = Promise.resolve(planner.plan(request('{ me { name } }')));
  const refused = expect(waiting).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await planner.stop();
  await refused;
});
