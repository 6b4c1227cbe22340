import { setTimeout as sleep } from 'node:timers/promises';
import { testProxy } from '@app/testing';
import { Pool } from 'pg';
import { expect, test } from 'vitest';
import { defineWorkflow } from './define-workflow.ts';
import { done, waitFor } from './step.ts';
import { Bench } from './testing/bench.ts';

const walk = async () => {
  await sleep(20);
  return done();
};
const steps = ['one', 'two', 'three', 'four'].map((name) => ({ name, run: walk, retry: { firstDelayMs: 1, factor: 1 } }));
const errand = defineWorkflow<null, unknown>({ name: 'errand', version: 1, steps });

test('runs outlive connections that are cut under them again and again', async () => {
  await using bench = await Bench.open([errand], null);
  await bench.startWorker();
  const ids = Array.from({ length: 60 }, (_, n) => `errand-${n}`);
  let isOver = false;
  // Postgres lets a role end its own connections.
  const pool = new Pool({ connectionString: bench.database.url, max: 1 });
  const cutting = (async () => {
    while (!isOver) {
      await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bench-workflows%'`,
      );
      await sleep(60);
    }
  })();
  for (const id of ids) {
    await bench.start('errand', id);
    await sleep(25);
  }
  await sleep(500);
  isOver = true;
  await cutting;
  await pool.end();
  const runs = await Promise.all(ids.map((id) => bench.settled(id)));
  expect(runs.filter(({ status }) => status !== 'DONE').map(({ id, status, lastError }) => [id, status, lastError])).toEqual([]);
});

test('runs outlive a database whose machine is gone without a word', async () => {
  await using bench = await Bench.open([errand], null);
  await using proxy = await testProxy(bench.database.url);
  await bench.startWorker({ url: proxy.url, leaseMs: 400, silenceMs: 1_000 });
  for (const id of ['one', 'two', 'three']) {
    await bench.start('errand', id);
    proxy.fallSilent();
    expect((await bench.settled(id)).status).toBe('DONE');
  }
});

test('an instance that has lost a run does not write down how that run stands', async () => {
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const think = async () => {
    entered.resolve();
    await gate.promise;
    return waitFor(new Date(Date.now() + 600_000), 'go');
  };
  await using bench = await Bench.open(
    [defineWorkflow<null, unknown>({ name: 'ponder', version: 1, steps: [{ name: 'think', run: think }] })],
    null,
  );
  const worker = await bench.startWorker();
  await bench.start('ponder', 'lost');
  await entered.promise;
  // As it stands when another instance has taken it over, and is further.
  await bench.pool.query(`
    INSERT INTO workflow.executor (id, serves, seen_at) VALUES ('other', '{ponder@1}', now() + interval '1 hour');
    UPDATE dbos.workflow_status SET executor_id = 'other' WHERE workflow_uuid = 'lost';
    UPDATE workflow.run SET status = 'RETRYING', step = 'act' WHERE id = 'lost'`);
  gate.resolve();
  await worker.stop();
  expect(await bench.client.find('lost')).toMatchObject({ status: 'RETRYING', step: 'act', waitingFor: null });
});
