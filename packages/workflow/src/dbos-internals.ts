import { randomUUID } from 'node:crypto';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { withDbRetry } from '@dbos-inc/dbos-sdk/internal/system_database';
import type { WorkflowQueue } from '@dbos-inc/dbos-sdk/internal/wfqueue';
import type { Sql } from './sql.ts';

/**
 * The three things we ask of DBOS that its public API lacks, all by functions that it uses itself. The version is pinned exactly; tests fail when
 * an upgrade changes them.
 */

/** Where DBOS would put runs that came without a queue; ours all have one. */
const withoutQueue = 'unqueued';

/** Starts what is queued now instead of at the next poll, which saves up to a second per run. */
export async function claimNow(queue: WorkflowQueue, applicationVersion: string): Promise<number> {
  const executor = DBOSExecutor.globalInstance;
  if (!executor?.initialized) return 0;
  const { systemDatabase, executorID } = executor;
  const owner = randomUUID();
  const running = systemDatabase.countRunningWorkflowsForQueue(queue.name);
  const ids = await systemDatabase.findAndMarkStartableWorkflows(queue, executorID, applicationVersion, undefined, running, 0, owner);
  if (ids.length > 0) await executor.dispatchDequeuedWorkflows(ids, owner);
  return ids.length;
}

/**
 * Puts the unfinished runs of an instance back into their queues; whatever that instance still does is not recorded. In one statement, where the
 * public way (list, then resume) could revive a run that was cancelled in between.
 */
export async function giveBackRunsOf(executorId: string, applicationVersion: string): Promise<readonly string[]> {
  const executor = DBOSExecutor.globalInstance;
  return executor ? executor.systemDatabase.reenqueueWorkflowsForRecovery(executorId, applicationVersion, withoutQueue) : [];
}

/**
 * For the books of a run: a statement whose connection is lost is repeated until there is one again, as DBOS does with its own. A run must not
 * end because of it. Every statement may be repeated after it was carried out.
 */
export function patient(sql: Sql): Sql {
  return (text, values) => withDbRetry(() => sql(text, values), { initialBackoff: 0.1, maxBackoff: 5 });
}
