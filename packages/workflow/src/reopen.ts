import type { DBOSClient } from '@dbos-inc/dbos-sdk';
import { applicationVersion } from './engine-names.ts';
import type { Run } from './run.ts';
import { reopenRun, startChannel } from './run-table.ts';
import type { Sql } from './sql.ts';

/** Puts a run that was cancelled or given up back into its queue. */
export async function reopen(sql: Sql, dbos: DBOSClient, run: Run): Promise<void> {
  const queueName = `${run.workflow}@${run.version}`;
  await reopenRun(sql, run.id);
  await dbos.resumeWorkflow(run.id, { queueName });
  // DBOS does not resume what ended with an error; whoever is quick may even come before it has written that down.
  if ((await dbos.getWorkflow(run.id))?.status === 'ERROR') await goOnBehindError(dbos, run.id, queueName);
  await sql('SELECT pg_notify($1, $2)::text', [startChannel, queueName]);
}

/** What was recorded stays; it goes on behind that. */
async function goOnBehindError(dbos: DBOSClient, id: string, queueName: string): Promise<void> {
  const recorded = (await dbos.listWorkflowSteps(id)) ?? [];
  const startStep = Math.max(-1, ...recorded.filter(({ error }) => error === null).map(({ functionID }) => functionID)) + 1;
  await dbos.rewindWorkflow(id, { startStep, queueName, applicationVersion });
}
