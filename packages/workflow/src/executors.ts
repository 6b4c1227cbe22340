import type { Pool } from 'pg';
import { giveBackRunsOf } from './dbos-internals.ts';
import { startChannel } from './run-table.ts';
import type { Observe } from './workflow-event.ts';

/** Whoever holds this advisory lock looks after the runs of dead instances, one round long. */
const sweepLock = 7_263_107;

/** What a sweep needs. */
export interface SweepOptions {
  readonly pool: Pool;
  readonly applicationName: string;
  readonly applicationVersion: string;
  /** An instance that was silent for longer is dead, in milliseconds. */
  readonly leaseMs: number;
  readonly observe: Observe;
  /** Runs that were told of as unserved, by queue: only changes are told. */
  readonly unserved: Map<string, number>;
}

/** Says that this instance lives, and which definitions it has. DBOS hears it too, so that the connection that it listens on is never silent. */
export async function sayAlive(pool: Pool, executorId: string, serves: readonly string[]): Promise<void> {
  await pool.query(
    `WITH alive AS (
       INSERT INTO workflow.executor (id, serves) VALUES ($1, $2)
       ON CONFLICT (id) DO UPDATE SET seen_at = now(), serves = EXCLUDED.serves)
     SELECT pg_notify('dbos_notifications_channel', '')`,
    [executorId, [...serves]],
  );
}

/** Says goodbye: the runs that this instance has are given to the others at once. */
export async function sayGoodbye(pool: Pool, executorId: string, applicationVersion: string): Promise<void> {
  await pool.query('DELETE FROM workflow.executor WHERE id = $1', [executorId]);
  await acquit(pool, executorId, 'all');
  await giveBackRunsOf(executorId, applicationVersion);
  await pool.query(`SELECT pg_notify('${startChannel}', '*')`);
}

/**
 * One round of looking after dead instances, by one instance at a time: their runs go back into the queues, runs that DBOS gave up are marked
 * and alarmed, and runs without anybody to serve them are told of. Time is Postgres's, so clocks need not agree.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const client = await options.pool.connect();
  let broken: Error | undefined;
  try {
    // A leader that is paused in here must not keep the lock.
    await client.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = '3s'`);
    const { rows } = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS leads', [sweepLock]);
    if (rows[0]?.leads) {
      await takeOver(options);
      await markGivenUp(options);
      await findUnserved(options);
    }
    await client.query('COMMIT');
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function takeOver({ pool, applicationName, applicationVersion, leaseMs, observe }: SweepOptions): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT DISTINCT executor_id AS id FROM dbos.workflow_status
     WHERE status = 'PENDING' AND application_name = $1
       AND executor_id NOT IN (SELECT id FROM workflow.executor WHERE seen_at > now() - $2 * interval '1 ms')`,
    [applicationName, leaseMs],
  );
  for (const { id } of rows) {
    await acquit(pool, id, 'waiting');
    const runs = await giveBackRunsOf(id, applicationVersion);
    observe({ kind: 'taken-over', executor: id, runs: runs.length });
  }
  if (rows.length > 0) await pool.query(`SELECT pg_notify('${startChannel}', '*')`);
  await pool.query(`DELETE FROM workflow.executor WHERE seen_at < now() - interval '1 hour'`);
}

/**
 * DBOS counts how often a run is taken up, to stop one that kills its process again and again. What is handed over in good order and what
 * only waited did not: a run that waits for weeks outlives many instances.
 */
async function acquit(pool: Pool, executorId: string, which: 'all' | 'waiting'): Promise<void> {
  await pool.query(
    `UPDATE dbos.workflow_status AS kept SET recovery_attempts = 0 FROM workflow.run
     WHERE run.id = kept.workflow_uuid AND kept.executor_id = $1 AND kept.status = 'PENDING' AND ($2 = 'all' OR run.status = 'WAITING')`,
    [executorId, which],
  );
}

/** DBOS stops a run that killed its process again and again; a cancellation may have died between its two halves. */
async function markGivenUp({ pool, observe }: SweepOptions): Promise<void> {
  const { rows } = await pool.query<{ id: string; workflow: string; status: string; step: string | null }>(
    `UPDATE workflow.run SET ended_at = now(), updated_at = now(),
       status = CASE kept.status WHEN 'CANCELLED' THEN 'CANCELLED' ELSE 'FAILED' END
     FROM dbos.workflow_status AS kept
     WHERE kept.workflow_uuid = run.id AND run.status NOT IN ('DONE', 'REFUSED', 'CANCELLED', 'FAILED')
       AND kept.status IN ('MAX_RECOVERY_ATTEMPTS_EXCEEDED', 'ERROR', 'CANCELLED')
       AND kept.updated_at < (extract(epoch FROM now()) - 5) * 1000
     RETURNING run.id, run.name AS workflow, run.status, run.step`,
  );
  for (const { id, workflow, status, step } of rows) {
    const error = new Error('the engine gave the run up: it ended its process again and again, or could not be continued');
    if (status === 'FAILED') observe({ kind: 'alarm', status, runId: id, workflow, step, error });
  }
}

async function findUnserved({ pool, applicationName, observe, unserved }: SweepOptions): Promise<void> {
  const { rows } = await pool.query<{ workflow: string; runs: number }>(
    `SELECT queue_name AS workflow, count(*)::int AS runs FROM dbos.workflow_status
     WHERE status = 'ENQUEUED' AND application_name = $1 AND created_at < (extract(epoch FROM now()) - 10) * 1000
       AND queue_name NOT IN (SELECT unnest(serves) FROM workflow.executor WHERE seen_at > now() - interval '1 minute')
     GROUP BY 1`,
    [applicationName],
  );
  const found = new Map(rows.map(({ workflow, runs }) => [workflow, runs]));
  for (const workflow of new Set([...found.keys(), ...unserved.keys()])) {
    const runs = found.get(workflow) ?? 0;
    if (runs === unserved.get(workflow)) continue;
    if (runs === 0) unserved.delete(workflow);
    else unserved.set(workflow, runs);
    observe({ kind: 'unserved', workflow, runs });
  }
}
