import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DevLoop } from './dev-loop.ts';
import type { GraphAnswer } from './graph-desk.ts';
import type { Printed } from './schema-printer.ts';
import type { Change } from './watch-sources.ts';

/** A loop whose subgraphs, composition and check answer as a test says; what it did is in `log`. */
function workshop() {
  const supergraphFile = join(mkdtempSync(join(tmpdir(), 'dev-loop-')), 'supergraph.graphql');
  const log: string[] = [];
  const answers = {
    printed: { kind: 'printed', hasChanged: true } as Printed,
    composed: { supergraph: 'graph 1', report: '', isFine: true } as GraphAnswer,
    checked: { supergraph: null, report: '', isFine: true } as GraphAnswer,
    comesUp: true,
  };
  const note = (text: string): void => void log.push(text);
  const processes = ['reviews', 'reviews-worker', 'orders', 'payments', 'payments-worker', 'gateway'].map((name) => ({ name, pid: 1 }));
  const loop = new DevLoop({
    printer: {
      print: async (name) => {
        note(`print ${name}`);
        return answers.printed;
      },
      renew: async () => note('renew'),
    },
    graph: { compose: async () => answers.composed, check: async () => answers.checked },
    running: {
      processes: () => processes,
      restart: async (names) => {
        note(`restart ${names.join(' ')}`);
        if (!answers.comesUp) throw new Error('reviews ended while starting');
      },
    },
    subgraphs: ['reviews', 'orders'],
    supergraphFile,
    say: note,
    now: () => 0,
  });
  const save = async (...changes: Change[]): Promise<string[]> => {
    log.length = 0;
    loop.changed(changes);
    await loop.idle();
    return log;
  };
  return { answers, save, served: () => readFileSync(supergraphFile, 'utf8') };
}

const reviews: Change = { kind: 'subgraph', name: 'reviews' };
const bad: GraphAnswer = { supergraph: null, report: 'ERROR at subgraphs/reviews/schema.graphql:1:1\n', isFine: false };

test('a new schema is printed, composed, started, handed over and checked, in this order', async () => {
  const { save, served } = workshop();
  expect(await save(reviews)).toEqual([
    'print reviews',
    '✓ reviews: schema.graphql printed (0 ms)',
    '✓ composed (0 ms)',
    'restart reviews reviews-worker',
    '✓ reviews, reviews-worker started anew (0 ms)',
    '✓ the gateway has the new supergraph',
    '✓ schema check passed (0 ms)',
  ]);
  expect(served()).toBe('graph 1');
});

test('the same schema starts the subgraph anew and composes nothing', async () => {
  const { answers, save } = workshop();
  answers.printed = { kind: 'printed', hasChanged: false };
  expect(await save(reviews)).toEqual([
    'print reviews',
    '✓ reviews: same schema (0 ms)',
    'restart reviews reviews-worker',
    '✓ reviews, reviews-worker started anew (0 ms)',
  ]);
});

test('what does not compose is told, nothing is started, and the next save of any subgraph starts what waited', async () => {
  const { answers, save, served } = workshop();
  await save(reviews);
  answers.composed = bad;
  const log = await save(reviews);
  expect(log.slice(2)).toEqual([
    '✗ does not compose (0 ms); the last good graph is served on\n    ERROR at subgraphs/reviews/schema.graphql:1:1',
  ]);
  expect(served()).toBe('graph 1');
  answers.composed = { supergraph: 'graph 2', report: 'WARNING hint\n', isFine: true };
  answers.printed = { kind: 'printed', hasChanged: false };
  const repaired = await save({ kind: 'subgraph', name: 'orders' });
  expect(repaired).toContain('✓ composed (0 ms)\n    WARNING hint');
  expect(repaired).toContain('restart reviews reviews-worker orders');
  expect(served()).toBe('graph 2');
});

test('a subgraph that does not load runs on as it was', async () => {
  const { answers, save } = workshop();
  answers.printed = { kind: 'failed', error: 'review.type.ts:3:1: Expected ")"' };
  expect(await save(reviews)).toEqual([
    'print reviews',
    '✗ reviews does not load (0 ms); it runs on as it was\n    review.type.ts:3:1: Expected ")"',
  ]);
});

test('a change that must not be merged is served all the same, and said', async () => {
  const { answers, save, served } = workshop();
  answers.checked = { supergraph: null, report: 'ERROR FIELD_REMOVED\n        used by ProductPage\n', isFine: false };
  expect((await save(reviews)).at(-1)).toBe(
    '✗ schema check: this must not be merged as it is (0 ms)\n    ERROR FIELD_REMOVED\n            used by ProductPage',
  );
  expect(served()).toBe('graph 1');
});

test('a subgraph that does not come up is told; the save that mends it starts it and serves what had been composed', async () => {
  const { answers, save, served } = workshop();
  answers.comesUp = false;
  expect((await save(reviews)).at(-1)).toMatch(/^✗ reviews ended while starting\n {2}Save again/);
  expect(served).toThrow(/ENOENT/);
  answers.comesUp = true;
  answers.printed = { kind: 'printed', hasChanged: false };
  expect(await save(reviews)).toEqual([
    'print reviews',
    '✓ reviews: same schema (0 ms)',
    'restart reviews reviews-worker',
    '✓ reviews, reviews-worker started anew (0 ms)',
    '✓ the gateway has the new supergraph',
    '✓ schema check passed (0 ms)',
  ]);
  expect(served()).toBe('graph 1');
});

test('the gateway, shared packages, the list of subgraphs and a database each have their own consequence', async () => {
  const { save } = workshop();
  expect(await save({ kind: 'gateway' })).toEqual(['restart gateway', '✓ gateway started anew (0 ms)']);
  expect(await save({ kind: 'service', name: 'payments' })).toEqual([
    'restart payments payments-worker',
    '✓ payments, payments-worker started anew (0 ms)',
  ]);
  expect(await save({ kind: 'service', name: 'registry' })).toEqual([]);
  const everything = await save({ kind: 'packages' }, reviews);
  expect(everything.slice(0, 3)).toEqual(['… a shared package changed: everything starts anew', 'renew', 'print reviews']);
  expect(everything).toEqual(
    expect.arrayContaining(['print orders', 'restart reviews reviews-worker orders payments payments-worker gateway', '✓ composed (0 ms)']),
  );
  expect(await save({ kind: 'list' })).toContain('✓ composed (0 ms)');
  expect(await save({ kind: 'database', name: 'orders' })).toEqual([expect.stringContaining('npm run migrate -- create orders')]);
});
