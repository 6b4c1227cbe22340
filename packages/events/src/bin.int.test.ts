import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Counted, counted } from '../test/counted.ts';
import { openEventDatabase } from '../test/event-database.ts';
import { park } from './dead-letter.ts';
import { publish } from './publish.ts';
import { sequence } from './sequencer.ts';
import { pgTransactor } from './transaction.ts';

const BIN = fileURLToPath(new URL('../bin/events.ts', import.meta.url));

let db: Awaited<ReturnType<typeof openEventDatabase>>;
beforeAll(async () => {
  db = await openEventDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

async function events(...args: readonly string[]) {
  const result = await promisify(execFile)(process.execPath, ['--import', 'tsx', BIN, ...args]).then(
    (out) => ({ ...out, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { out: result.stdout, err: result.stderr, code: result.code };
}

test('dead letters are listed, shown, redriven and discarded from the command line', async () => {
  await pgTransactor(db.pool)((tx) => park(tx, 'c', counted(1, 'a', 1), { error: 'Error: bad\nat x', attempts: 5 }));
  const on = ['--database-url', db.url];
  expect(await events('dlq', 'list', ...on)).toMatchObject({ code: 0, out: 'c  evt_1  failed  5 tries  counter.counted  a  Error: bad\n' });
  const shown = await events('dlq', 'show', ...on, '--consumer', 'c', '--event', 'evt_1');
  expect(JSON.parse(shown.out)).toMatchObject({ eventId: 'evt_1', envelope: counted(1, 'a', 1) });
  expect(await events('dlq', 'redrive', ...on, '--consumer', 'c')).toMatchObject({ code: 0, out: '1 to be tried again\n' });
  expect(await events('dlq', 'discard', ...on, '--consumer', 'c', '--event', 'evt_1')).toMatchObject({ code: 0, out: '1 to be skipped\n' });
  expect(await events('dlq', 'discard', ...on, '--consumer', 'c', '--event', 'evt_9')).toMatchObject({ code: 1, out: '0 to be skipped\n' });
});

test('recorded events are replayed to one consumer of a module', async () => {
  const client = await db.pool.connect();
  await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('replayed', { n: 1 })));
  await sequence(client, 10);
  client.release();
  process.env['REPLAY_DATABASE_URL'] = db.url;
  const from = [
    '--module',
    fileURLToPath(new URL('../test/replay-module.ts', import.meta.url)),
    '--source',
    'test',
    '--source-url',
    db.url,
    '--from',
    '1',
  ];
  expect(await events('replay', ...from, '--consumer', 'c')).toMatchObject({ code: 0, out: '1 handled\n' });
  expect(await events('replay', ...from, '--consumer', 'c')).toMatchObject({ code: 1, out: '0 handled\n' });
  expect((await db.pool.query('SELECT stream FROM journal')).rows).toEqual([{ stream: 'replayed' }]);
  expect(await events('replay', ...from, '--consumer', 'c', '--again')).toMatchObject({ code: 0, out: '1 handled\n' });
  expect((await db.pool.query('SELECT stream FROM journal')).rows).toHaveLength(2);
  expect(await events('replay', ...from, '--consumer', 'd')).toMatchObject({
    code: 2,
    err: expect.stringContaining('has no consumer "d", but c'),
  });
});

test('the AsyncAPI document is printed', async () => {
  const { out, code } = await events('asyncapi');
  expect(code).toBe(0);
  expect(JSON.parse(out).channels['order.delivered'].messages.v1).toMatchObject({ name: 'order.delivered/1' });
});

test('wrong use names what is wrong and shows what is right', async () => {
  expect(await events('dlq', 'list')).toMatchObject({ code: 2, err: expect.stringMatching(/^--database-url is missing\nevents dlq/) });
  expect(await events('fly')).toMatchObject({ code: 2, err: expect.stringMatching(/^unknown command "fly"/) });
  expect(await events('tail', '--database-url', db.url, '--from', '0')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^--from must be/),
  });
});
