import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineWorkflow } from './define-workflow.ts';
import { done, waitFor } from './step.ts';
import { Bench } from './testing/bench.ts';
import { until } from './testing/until.ts';
import { inTransaction } from './transaction.ts';
import type { WorkflowEvent } from './workflow-event.ts';

/** What steps tell and are told. */
interface Log {
  readonly said: string[];
  isBroken: boolean;
}

const version = (version: number) =>
  defineWorkflow<Log, unknown>({
    name: 'letter',
    version,
    steps: [
      {
        name: 'write',
        async run({ deps, message }) {
          deps.said.push(`v${version} writes`);
          return message ? done() : waitFor(new Date(Date.now() + 600_000), 'go');
        },
      },
      {
        name: 'send',
        retry: { firstDelayMs: 600_000, maxDelayMs: 600_000 },
        async run({ deps }) {
          deps.said.push(`v${version} sends`);
          if (deps.isBroken) throw new Error('no stamps');
          return done();
        },
      },
    ],
  });

const log: Log = { said: [], isBroken: false };
let bench: Bench<Log>;
beforeAll(async () => {
  bench = await Bench.open<Log>([version(1)], log);
});
afterAll(() => bench[Symbol.asyncDispose]());

const status = async (id: string) => (await bench.client.find(id))?.status;
const go = (id: string) => inTransaction(bench.pool, (tx) => bench.client.signal(tx, id, 'go'));

test('two definitions of one name and version are refused when the worker starts', async () => {
  await expect(bench.startWorker({ workflows: [version(1), version(1)] })).rejects.toThrow('there are two workflows letter@1');
});

test('a run stays with the version that it began with; without anybody who has it, it waits and is told of', async () => {
  const old = await bench.startWorker();
  await bench.start('letter', 'pinned');
  await bench.settled('pinned');
  await until('it is recorded that it waits', async () => (await bench.client.get('pinned'))?.steps.length === 1);
  await old.stop();
  await old.stop();
  await bench.pool.query('UPDATE dbos.workflow_status SET created_at = created_at - 60000');
  const onlyNew = await bench.startWorker({ workflows: [version(2)], leaseMs: 400 });
  await until('it is told that nobody serves it', () => bench.kinds('unserved').length > 0);
  expect(bench.kinds('unserved')[0]).toMatchObject({ workflow: 'letter@1', runs: 1 });
  await onlyNew.stop();
  const both = await bench.startWorker({ workflows: [version(2), version(1)] });
  await go('pinned');
  await until('it is done', async () => (await status('pinned')) === 'DONE');
  expect(log.said).toEqual(['v1 writes', 'v1 writes', 'v1 sends']);
  await both.stop();
});

test('an instance that is stopped gives its runs to the next at once, and what it waits for is not awaited', async () => {
  const first = await bench.startWorker({ leaseMs: 600_000 });
  log.isBroken = true;
  await bench.start('letter', 'handed');
  await bench.settled('handed');
  await go('handed');
  await until('it pauses', async () => (await status('handed')) === 'RETRYING');
  await first.stop();
  log.isBroken = false;
  await bench.startWorker({ leaseMs: 600_000 });
  await until('it is done', async () => (await status('handed')) === 'DONE');
});

test.each(['stopped', 'killed'])('a run that waits outlives any number of instances that are %s', async (how) => {
  const first = await bench.restartWorker();
  await bench.start('letter', how);
  await bench.settled(how);
  if (how === 'killed') await first.stop();
  // As it stands behind fifty-one of them; the last one that was killed could not give it back.
  await bench.pool.query(
    `UPDATE dbos.workflow_status SET recovery_attempts = 51, status = 'PENDING', executor_id = CASE $1 WHEN 'killed' THEN 'dead' ELSE executor_id END
     WHERE workflow_uuid = $1`,
    [how],
  );
  await bench.restartWorker({ leaseMs: 400 });
  await go(how);
  await until('it is done or given up', async () => ['DONE', 'FAILED'].includes((await status(how)) ?? ''));
  expect(await status(how)).toBe('DONE');
});

test('lost connections are made anew', async () => {
  const killer = new Client({ connectionString: bench.database.url });
  await killer.connect();
  await killer.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bench-workflow%'`,
  );
  await killer.end();
  await bench.start('letter', 'after the loss');
  await until('it waits', async () => (await status('after the loss').catch(() => null)) === 'WAITING');
  await until('trouble was told', () => bench.kinds('trouble').length > 0);
});

test('a run that DBOS gave up is seen and alarmed, and goes on when resumed; so does one whose cancellation was cut in half', async () => {
  for (const [id, kept, shown] of [
    ['given up', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED', 'FAILED'],
    ['half cancelled', 'CANCELLED', 'CANCELLED'],
  ] as const) {
    await bench.start('letter', id);
    await bench.settled(id);
    await bench.pool.query('UPDATE dbos.workflow_status SET status = $2, owner_xid = NULL, updated_at = 0 WHERE workflow_uuid = $1', [
      id,
      kept,
    ]);
    await bench.restartWorker({ leaseMs: 400 });
    await until(`${id} is seen`, async () => (await status(id)) === shown);
    await bench.client.resume(id);
    await go(id);
    await until(`${id} is done`, async () => (await status(id)) === 'DONE');
  }
  expect(bench.kinds('alarm')).toMatchObject([{ status: 'FAILED', runId: 'given up' }]);
});

test('a run whose books were damaged fails visibly and can be continued from what is recorded', async () => {
  await bench.start('letter', 'damaged');
  await bench.settled('damaged');
  const rename = (from: string, to: string) =>
    bench.pool.query(`UPDATE dbos.operation_outputs SET function_name = $2 WHERE workflow_uuid = 'damaged' AND function_name = $1`, [
      from,
      to,
    ]);
  await until('it is recorded, and damaged', async () => (await rename('write', 'other')).rowCount === 1);
  await bench.restartWorker({ leaseMs: 400 });
  await until('it failed', async () => (await status('damaged')) === 'FAILED');
  const isAlarm = (event: WorkflowEvent) => event.kind === 'alarm' && event.runId === 'damaged' && event.status === 'FAILED';
  await until('it is alarmed', () => bench.events.some(isAlarm));
  await rename('other', 'write');
  await bench.client.resume('damaged');
  await go('damaged');
  await until('it is done', async () => (await status('damaged')) === 'DONE');
});
