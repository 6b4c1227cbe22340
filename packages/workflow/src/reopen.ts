import type { DBOSClient } from '@dbos-inc/dbos-sdk';
import { applicationVersion } from './engine-names.ts';
import type { Run } from './run.ts';
import { reopenRun, startChannel } from './run-table.ts';
import type { Sql } from './sql.ts';

/** Puts a run that was cancelled or given up back into its queue. One that ended with an error keeps what it has recorded and goes on behind it. */
export async function reopen(sql: Sql, dbos: DBOSClient, run: Run): Promise<void> {
  const queueName = `${run.workflow}@${run.version}`;
  await reopenRun(sql, run.id);
  const kept = await dbos.getWorkflow(run.id);
  if (kept?.status === 'ERROR') {
    const recorded = (await dbos.listWorkflowSteps(run.id)) ?? [];
    const startStep = Math.max(-1, ...recorded.filter(({ error }) => error === null).map(({ functionID }) => functionID)) + 1;
    await dbos.rewindWorkflow(run.id, { startStep, queueName, applicationVersion });
  } else {
    await dbos.resumeWorkflow(run.id, { queueName });
  }
  await sql('SELECT pg_notify($1, $2)::text', [startChannel, queueName]);
}
