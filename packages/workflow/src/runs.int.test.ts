import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defineWorkflow } from './define-workflow.ts';
import { done, refused, type StepContext, type StepResult, waitFor } from './step.ts';
import { Bench } from './testing/bench.ts';
import { until } from './testing/until.ts';
import { inTransaction } from './transaction.ts';

type Order = (context: StepContext<Yard, unknown>) => Promise<StepResult> | StepResult;

/** What the steps did, by run; and what they are told to do. */
class Yard {
  readonly did = new Map<string, string[]>();
  readonly orders = new Map<string, Order>();
  now = 0;

  async act(context: StepContext<Yard, unknown>, what: string): Promise<StepResult> {
    const { runId } = context;
    this.did.set(runId, [...(this.did.get(runId) ?? []), what]);
    return (await this.orders.get(`${runId} ${what}`)?.(context)) ?? done(`${what}!`);
  }

  of(runId: string): string[] {
    return this.did.get(runId) ?? [];
  }
}

const acting = (name: string) => (context: StepContext<Yard, unknown>) => context.deps.act(context, name);
const undoing = (name: string) => async (context: StepContext<Yard, unknown>) => void (await context.deps.act(context, `undo ${name}`));
const fast = { firstDelayMs: 1, factor: 1 };
const slow = { firstDelayMs: 600_000, maxDelayMs: 600_000, maxAttempts: 1 };

const journey = defineWorkflow<Yard, { token?: string }>({
  name: 'journey',
  version: 1,
  steps: [
    { name: 'book', run: acting('book'), compensate: undoing('book'), retry: fast },
    { name: 'pay', run: acting('pay'), compensate: undoing('pay'), retry: fast },
    { name: 'depart', run: acting('depart'), retry: fast },
    { name: 'arrive', run: acting('arrive'), retry: fast },
  ],
  pivot: 'depart',
  forget: ['token'],
  onRefused: async (context, { reason }) => void (await context.deps.act(context, `refused: ${reason}`)),
});

const patient = defineWorkflow<Yard, unknown>({
  name: 'patient',
  version: 2,
  steps: [{ name: 'try', run: acting('try'), compensate: undoing('try'), retry: { ...slow, maxAttempts: 2 } }],
  patience: { ms: 1_000_000, refusal: { reason: 'TOO_LONG', message: 'It took too long.' } },
});

const forward = defineWorkflow<Yard, unknown>({
  name: 'forward',
  version: 1,
  steps: [{ name: 'push', run: acting('push'), retry: slow, timeoutMs: 50 }],
  pivot: null,
});

const crossing = defineWorkflow<Yard, unknown>({
  name: 'crossing',
  version: 1,
  steps: [
    { name: 'embark', run: acting('embark') },
    { name: 'cast-off', run: acting('cast-off'), retry: slow },
  ],
  pivot: 'cast-off',
});

const yard = new Yard();
const now = () => new Date(Date.now() + yard.now);
let bench: Bench<Yard>;
beforeAll(async () => {
  bench = await Bench.open<Yard>([journey, patient, forward, crossing], yard);
  await bench.startWorker({ now });
});
afterEach(() => {
  yard.now = 0;
});
afterAll(() => bench[Symbol.asyncDispose]());

let n = 0;
const fresh = () => {
  n += 1;
  return `run-${n}`;
};
const order = (id: string, what: string, act: Order) => yard.orders.set(`${id} ${what}`, act);
const fail = () => {
  throw new Error('out of order');
};
/** A run of the workflow with patience that has failed once. */
const failing = async () => {
  const id = fresh();
  order(id, 'try', fail);
  await bench.start('patient', id);
  expect(await bench.settled(id)).toMatchObject({ status: 'RETRYING', failures: 1 });
  return id;
};

test('steps run in order, each finds what those before it made, and secrets are forgotten at the end', async () => {
  const id = fresh();
  await bench.start('journey', id, { token: 'secret', to: 'Bonn' });
  const run = await bench.settled(id);
  expect(run).toMatchObject({ status: 'DONE', workflow: 'journey', version: 1, subject: `about ${id}`, input: { to: 'Bonn' }, step: null });
  expect(run.input).not.toHaveProperty('token');
  expect(yard.of(id)).toEqual(['book', 'pay', 'depart', 'arrive']);
  const details = await bench.client.get(id);
  expect(details?.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(['book DONE', 'pay DONE', 'depart DONE', 'arrive DONE']);
  await until('its end is told', () =>
    bench.events.some((event) => event.kind === 'ended' && event.runId === id && event.status === 'DONE'),
  );
});

test('a transaction that is rolled back starts nothing, and an id starts one run', async () => {
  const id = fresh();
  const start = { id, subject: 's' };
  await expect(
    inTransaction(bench.pool, async (tx) => {
      await bench.client.start(tx, 'journey', start);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await bench.client.get(id)).toBeNull();
  const run = await bench.client.execute('journey', start);
  expect(run.status).toBe('DONE');
  expect(await bench.start('journey', id)).toBe(false);
  expect(yard.of(id)).toHaveLength(4);
});

test('a refusal undoes in reverse what was done or may have been done', async () => {
  const id = fresh();
  order(id, 'pay', () => refused({ reason: 'NO_MONEY', message: 'No money.' }));
  await bench.start('journey', id);
  expect(await bench.settled(id)).toMatchObject({ status: 'REFUSED', refusal: { reason: 'NO_MONEY' } });
  expect(yard.of(id)).toEqual(['book', 'pay', 'undo pay', 'undo book', 'refused: NO_MONEY']);
  const details = await bench.client.get(id);
  expect(details?.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'book DONE',
    'pay REFUSED',
    'pay COMPENSATED',
    'book COMPENSATED',
    'after refusal COMPENSATED',
  ]);
});

test('what is thrown is tried again and compensates nothing', async () => {
  const id = fresh();
  let faults = 3;
  order(id, 'depart', () => (faults-- > 0 ? fail() : done()));
  await bench.start('journey', id);
  expect(await bench.settled(id)).toMatchObject({ status: 'DONE', failures: 0, lastError: null });
  expect(yard.of(id)).toEqual(['book', 'pay', 'depart', 'depart', 'depart', 'depart', 'arrive']);
});

test('a compensation that fails is tried again, seen and alarmed, and the run ends once it works', async () => {
  const id = fresh();
  order(id, 'pay', () => refused({ reason: 'NO_MONEY', message: 'No money.' }));
  order(id, 'undo pay', fail);
  await bench.start('journey', id);
  expect(await bench.settled(id)).toMatchObject({ status: 'COMPENSATION_FAILED', step: 'pay', lastError: 'out of order' });
  yard.orders.delete(`${id} undo pay`);
  await until('it is refused', async () => (await bench.client.find(id))?.status === 'REFUSED');
  expect(bench.events).toContainEqual(expect.objectContaining({ kind: 'alarm', status: 'COMPENSATION_FAILED', runId: id, step: 'pay' }));
  expect(yard.of(id).slice(-2)).toEqual(['undo book', 'refused: NO_MONEY']);
});

test('after the pivot a step is never given up: it is stuck, seen and alarmed, and goes on when resumed', async () => {
  const id = fresh();
  order(id, 'push', () => sleep(60_000, done(), { ref: false }));
  await bench.start('forward', id);
  expect(await bench.settled(id)).toMatchObject({
    status: 'STUCK',
    step: 'push',
    failures: 1,
    lastError: 'step "push" took longer than 50 ms',
  });
  expect(bench.events).toContainEqual(expect.objectContaining({ kind: 'alarm', status: 'STUCK', runId: id, step: 'push' }));
  await expect(bench.client.compensate(id, { reason: 'NO', message: 'No.' })).rejects.toMatchObject({ code: 'RUN_NOT_COMPENSABLE' });
  order(id, 'push', () => refused({ reason: 'NEVER', message: 'Not here.' }));
  await bench.client.resume(id);
  await until('it was refused in vain', async () =>
    (await bench.client.find(id))?.lastError?.includes('although it stands after the pivot'),
  );
  yard.orders.delete(`${id} push`);
  await bench.client.resume(id);
  await until('it is done', async () => (await bench.client.find(id))?.status === 'DONE');
});

test('before the pivot a step is given up after its last attempt, or when it has failed for longer than patience', async () => {
  const [often, long] = [await failing(), await failing()];
  await bench.client.resume(often);
  await until('it is given up', async () => (await bench.client.find(often))?.refusal?.reason === 'GAVE_UP');
  yard.now = 2_000_000;
  await bench.restartWorker({ now });
  await bench.client.resume(long);
  await until('patience is over', async () => (await bench.client.find(long))?.refusal?.reason === 'TOO_LONG');
});

test('time that a run spent waiting does not count against patience', async () => {
  const id = fresh();
  order(id, 'try', () => waitFor(new Date(Date.now() + 600_000)));
  await bench.start('patient', id);
  expect(await bench.settled(id)).toMatchObject({ status: 'WAITING' });
  yard.now = 2_000_000;
  order(id, 'try', fail);
  await bench.client.resume(id);
  await until('it failed', async () => (await bench.client.find(id))?.lastError === 'out of order');
  expect(await bench.client.find(id)).toMatchObject({ status: 'RETRYING', failures: 1 });
  order(id, 'try', () => done());
  await bench.client.resume(id);
  await until('it is done', async () => (await bench.client.find(id))?.status === 'DONE');
});

test('time that a run was stopped for does not count against patience', async () => {
  const id = await failing();
  await bench.client.cancel(id);
  yard.now = 2_000_000;
  await bench.client.resume(id);
  await until('it is given up', async () => (await bench.client.find(id))?.refusal != null);
  expect(await bench.client.find(id)).toMatchObject({ refusal: { reason: 'GAVE_UP' } });
});

test('a step waits for a signal, and one that came too early is not lost', async () => {
  const [late, early] = [fresh(), fresh()];
  const seen: unknown[] = [];
  const decide = (id: string) =>
    order(id, 'pay', ({ message }) => {
      seen.push(message);
      return message ? done() : waitFor(new Date(Date.now() + 600_000), 'paid');
    });
  decide(late);
  await bench.start('journey', late);
  expect(await bench.settled(late)).toMatchObject({ status: 'WAITING', step: 'pay', waitingFor: 'paid' });
  const send = (id: string) => inTransaction(bench.pool, (tx) => bench.client.signal(tx, id, 'paid', { by: 'card' }));
  await send(late);
  await until('the late one is done', async () => (await bench.client.find(late))?.status === 'DONE');
  let release: (result: StepResult) => void = () => undefined;
  order(early, 'book', () => new Promise<StepResult>((resolve) => (release = resolve)));
  decide(early);
  await bench.start('journey', early);
  await until('it began', () => yard.of(early).includes('book'));
  await send(early);
  release(done());
  await until('the early one is done', async () => (await bench.client.find(early))?.status === 'DONE');
  const paid = { signal: 'paid', value: { by: 'card' } };
  expect(seen).toEqual([null, paid, null, paid]);
  await expect(send('run-unknown')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
});

test('a step waits for a time, can be looked at earlier, and can be given another input meanwhile', async () => {
  const id = fresh();
  let rounds = 0;
  const times: boolean[] = [];
  order(id, 'pay', ({ isTimeUp }) => {
    rounds += 1;
    times.push(isTimeUp);
    return rounds < 4 ? waitFor(new Date(Date.now() + (rounds === 1 ? 30 : 600_000))) : done();
  });
  await bench.start('journey', id, { token: 'old' });
  await until('it waits the second time', async () => rounds === 2 && (await bench.client.find(id))?.status === 'WAITING');
  await bench.client.resume(id);
  await until('it waits the third time', async () => rounds === 3 && (await bench.client.find(id))?.status === 'WAITING');
  expect(await inTransaction(bench.pool, (tx) => bench.client.amend(tx, id, { token: 'new' }))).toBe(true);
  await until('it is done', async () => (await bench.client.find(id))?.status === 'DONE');
  expect(await inTransaction(bench.pool, (tx) => bench.client.amend(tx, id, { token: 'new' }))).toBe(false);
  expect(times).toEqual([false, true, false, false]);
});

test('a run is stopped where it is and continued from there', async () => {
  const id = fresh();
  order(id, 'pay', () => waitFor(new Date(Date.now() + 600_000), 'paid'));
  await bench.start('journey', id);
  await bench.settled(id);
  expect(await bench.client.cancel(id)).toMatchObject({ status: 'CANCELLED' });
  await expect(bench.client.cancel(id)).rejects.toMatchObject({ code: 'RUN_NOT_CANCELLABLE' });
  yard.orders.delete(`${id} pay`);
  await bench.client.resume(id);
  await inTransaction(bench.pool, (tx) => bench.client.signal(tx, id, 'paid'));
  await until('it is done', async () => (await bench.client.find(id))?.status === 'DONE');
  expect(yard.of(id)).toEqual(['book', 'pay', 'pay', 'depart', 'arrive']);
  await expect(bench.client.resume(id)).rejects.toMatchObject({ code: 'RUN_NOT_RESUMABLE' });
});

test('a run is turned around before its pivot, whether it waits or pauses', async () => {
  const [waits, pauses] = [fresh(), fresh()];
  order(waits, 'pay', () => waitFor(new Date(Date.now() + 600_000), 'paid'));
  await bench.start('journey', waits);
  await bench.settled(waits);
  const no = { reason: 'BY_HAND', message: 'Support said no.' };
  await bench.client.compensate(waits, no);
  await until('it is undone', async () => (await bench.client.find(waits))?.status === 'REFUSED');
  expect(yard.of(waits)).toEqual(['book', 'pay', 'undo pay', 'undo book', 'refused: BY_HAND']);
  await expect(bench.client.compensate(waits, no)).rejects.toThrow('cannot be turned around: it is REFUSED');
  await expect(bench.client.compensate('nobody', no)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  await expect(bench.client.resume('no\0body')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  let release: () => void = () => undefined;
  order(pauses, 'pay', () => new Promise<StepResult>((_, reject) => (release = () => reject(new Error('late fault')))));
  await bench.start('journey', pauses);
  await until('it pays', () => yard.of(pauses).includes('pay'));
  await bench.client.compensate(pauses, no);
  release();
  await until('it is undone', async () => (await bench.client.find(pauses))?.status === 'REFUSED');
});

test('a pivot that fails may have happened: it is neither given up nor turned around, and undoes by its own word only', async () => {
  const [id, other] = [fresh(), fresh()];
  for (const each of [id, other]) {
    order(each, 'cast-off', fail);
    await bench.start('crossing', each);
    expect(await bench.settled(each)).toMatchObject({ status: 'STUCK', step: 'cast-off' });
    const asked = bench.client.compensate(each, { reason: 'BY_HAND', message: 'It hangs.' });
    await expect(asked).rejects.toThrow('it may have passed the point of no return');
  }
  order(other, 'cast-off', () => refused({ reason: 'FULL', message: 'There is no room.' }));
  order(id, 'cast-off', () => waitFor(new Date(Date.now() + 600_000), 'tide'));
  for (const each of [id, other]) await bench.client.resume(each);
  await until('it is refused', async () => (await bench.client.find(other))?.refusal?.reason === 'FULL');
  await until('it waits', async () => (await bench.client.find(id))?.status === 'WAITING');
  await bench.client.compensate(id, { reason: 'BY_HAND', message: 'It is too late.' });
  await until('it is undone', async () => (await bench.client.find(id))?.status === 'REFUSED');
});

test('an unknown workflow and an unknown run are refused by name', async () => {
  await expect(bench.start('voyage', fresh())).rejects.toThrow('There is no workflow "voyage", only: journey, patient, forward, crossing.');
  await expect(bench.client.resume('nobody')).rejects.toThrow('There is no run "nobody".');
});

test('runs are listed newest first, by workflow, subject and state, page by page', async () => {
  const all = await bench.client.list({ limit: 100 });
  const first = await bench.client.list({ limit: 2 });
  const last = first[1];
  if (!last) throw new Error('there are fewer runs than that');
  const second = await bench.client.list({ limit: 100, after: last });
  expect([...first, ...second].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  expect((await bench.client.list({ workflow: 'patient' })).every(({ workflow }) => workflow === 'patient')).toBe(true);
  expect(await bench.client.count()).toBe(all.length);
  expect((await bench.client.list({ statuses: ['REFUSED'], subject: 'about run-3' })).map(({ id }) => id)).toEqual(['run-3']);
});
