import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { engineLog } from './engine-names.ts';
import { Pauses } from './pauses.ts';
import { delayAfter } from './retry.ts';
import { hasEnded, isResting, runStatuses } from './run.ts';
import { stepsOf } from './run-steps.ts';
import { Slots } from './slots.ts';
import { silent, type WorkflowEvent } from './workflow-event.ts';

test('pauses grow by the factor up to the longest', () => {
  expect([1, 2, 3, 9, 500].map((failures) => delayAfter(failures))).toEqual([100, 400, 1_600, 60_000, 60_000]);
  expect(delayAfter(3, { firstDelayMs: 10, factor: 2 })).toBe(40);
});

test('no more work runs at once than there are slots, and what waited comes in order', async () => {
  const slots = new Slots(2);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const work = (n: number) =>
    slots.run(() => {
      began.push(n);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = [1, 2, 3].map(work);
  expect(began).toEqual([1, 2]);
  ends[0]?.();
  await all[0];
  expect(began).toEqual([1, 2, 3]);
  await slots.idle(1);
  const idle = slots.idle(60_000);
  for (const end of ends) end();
  await Promise.all([...all, idle]);
  await slots.idle(60_000);
});

test('a pause ends by itself or when its run is woken', async () => {
  const pauses = new Pauses();
  const over: string[] = [];
  const pause = (id: string, ms: number) => pauses.pause(id, ms).then(() => over.push(id));
  const all = [pause('a', 600_000), pause('b', 600_000), pause('c', 1)];
  await all[2];
  pauses.wake('a');
  await all[0];
  pauses.wake('nobody');
  expect(over).toEqual(['c', 'a']);
  pauses.wakeAll();
  await Promise.all(all);
  await sleep(0);
});

test('every state either ended, rests or is worked on', () => {
  expect(runStatuses.filter(hasEnded)).toEqual(['DONE', 'REFUSED', 'CANCELLED', 'FAILED']);
  expect(runStatuses.filter((status) => !isResting(status))).toEqual(['RUNNING', 'COMPENSATING']);
});

test('lines of the books that are no steps are left out', () => {
  expect(
    stepsOf([
      { name: 'DBOS.recv', output: { signal: 's', value: 1 } },
      { name: 'odd', output: null },
      { name: 'odd', output: { kind: 'else' } },
      { name: 'pay', output: { kind: 'wait' }, startedAtEpochMs: 1 },
    ]),
  ).toEqual([{ name: 'pay', outcome: 'WAITED', startedAt: new Date(1), endedAt: null }]);
});

test('what DBOS logs is an event', () => {
  const events: WorkflowEvent[] = [];
  const log = engineLog((event) => events.push(event));
  log.info('one');
  log.debug('two');
  log.warn('three');
  log.error(new Error('four'));
  silent({ kind: 'engine', level: 'info', message: '' });
  expect(events).toMatchObject([
    { level: 'info', message: 'one' },
    { level: 'debug', message: 'two' },
    { level: 'warn', message: 'three' },
    { level: 'error', message: expect.stringContaining('four') },
  ]);
});
