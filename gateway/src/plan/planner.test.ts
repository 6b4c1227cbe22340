import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, errorCodes } from '@app/errors';
import { parse } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import { composeForTest, media, shop } from '../execute/testing/supergraphs.ts';
import { createPlanner, type Planner, type PlannerOptions, type PlanRequest } from './planner.ts';

const open: Planner<object>[] = [];
afterEach(async () => {
  for (const planner of open.splice(0)) await planner.stop();
});

function setUp(options: Partial<Omit<PlannerOptions<object>, 'shared'>> = {}, sdl = composeForTest(shop)) {
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

test('a caller waits for a plan as long as its signal lets it, and others that wait for the same get theirs', async () => {
  const planner = setUp({ deadlineMs: 1_500 }, composeForTest(media));
  const slow = Promise.resolve(planner.plan(request(endless))).catch(() => undefined);
  const [late, gone] = [new AbortController(), new AbortController()];
  const next = request('{ media { id } }');
  const refused = Promise.all([
    expect(planner.plan(next, late.signal)).rejects.toMatchObject({ code: 'TIMEOUT', message: errorCodes.TIMEOUT.message }),
    expect(planner.plan(next, gone.signal)).rejects.toMatchObject({ code: 'TIMEOUT', message: 'The client is gone.' }),
    expect(planner.plan(next, AbortSignal.abort())).rejects.toMatchObject({ code: 'TIMEOUT' }),
  ]);
  const staying = planner.plan(next, new AbortController().signal);
  late.abort(new DOMException('The deadline of the request has passed.', 'TimeoutError'));
  gone.abort(new AppError('TIMEOUT', 'The client is gone.'));
  expect(await Promise.race([refused, slow])).toHaveLength(3);
  expect(await staying).toBeDefined();
}, 30_000);

test('what nobody waits for any more is not planned, unless somebody came before its turn', async () => {
  const planned: string[] = [];
  const compile: PlannerOptions<object>['compile'] = (plan, { operationKey }) => {
    planned.push(operationKey);
    return plan;
  };
  const planner = setUp({ deadlineMs: 1_500, compile }, composeForTest(media));
  const slow = Promise.resolve(planner.plan(request(endless))).catch(() => undefined);
  const leaving = new AbortController();
  const left = ['left', 'left and asked again'].map((key) => planner.plan(request('{ media { id } }', key), leaving.signal));
  leaving.abort();
  for (const plan of left) await expect(plan).rejects.toMatchObject({ code: 'TIMEOUT' });
  const again = planner.plan(request('{ media { id } }', 'left and asked again'));
  await Promise.all([slow, again, planner.plan(request('{ media { id } }', 'last'))]);
  expect(planned).toEqual(['left and asked again', 'last']);
  expect(await planner.plan(request('{ media { id } }', 'left'))).toBeDefined();
}, 30_000);

test('when too many operations wait to be planned, requests for more are refused; what is prepared is not', async () => {
  const planner = setUp({ deadlineMs: 1_500, maxQueued: 2 }, composeForTest(media));
  const { signal } = new AbortController();
  const leaving = new AbortController();
  await planner.plan(request('{ media { id } }'));
  const slow = Promise.resolve(planner.plan(request(endless), signal)).catch(() => undefined);
  // The thread has taken it.
  await sleep(1);
  const waitFor = (key: string, until = signal) => planner.plan(request('{ media { id } }', key), until);
  const prepared = planner.plan(request('{ media { id } }', 'prepared'));
  const left = Promise.resolve(waitFor('left', leaving.signal)).catch(() => undefined);
  const one = waitFor('one');
  await expect(waitFor('two')).rejects.toMatchObject({ code: 'OVERLOADED', httpStatus: 503, retryable: true });
  leaving.abort();
  const two = waitFor('two');
  const joined = waitFor('one');
  expect(await Promise.all([prepared, one, two, joined])).toHaveLength(4);
  await Promise.all([slow, left]);
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
