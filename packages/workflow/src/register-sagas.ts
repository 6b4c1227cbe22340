import { DBOS, DBOSWorkflowConflictError, Error as DbosErrors } from '@dbos-inc/dbos-sdk';
import { RunLost, type Workshop } from './attempts.ts';
import type { AnyWorkflow } from './define-workflow.ts';
import { endRun, readHold } from './run-table.ts';
import { type Durable, runSaga, type Sent } from './saga.ts';
import { WorkflowError } from './workflow-error.ts';

/** How often a run may be at work when its process dies before it is given up. */
const maxTakeovers = 50;

/** How often a run that waits looks for messages when notifications are lost, in milliseconds. */
const lookMs = 10_000;

const durable: Durable = {
  once: (name, work) => DBOS.runStep(work, { name }),
  async receive(topic, until) {
    const timeoutSeconds = Math.max(0.001, (until.getTime() - Date.now()) / 1000);
    return DBOS.recv<Sent>(topic, { timeoutSeconds, pollingIntervalMs: lookMs });
  },
};

/** Tells DBOS of the definitions. @throws {WorkflowError} when two have one name and version. */
export function registerSagas<Deps>(shop: Workshop<Deps>, workflows: readonly AnyWorkflow<Deps>[]): void {
  const { now } = shop;
  const ofClock: Durable = {
    ...durable,
    // Times are of the surroundings' clock; DBOS counts in its own.
    receive: (topic, until) => durable.receive(topic, new Date(Date.now() + until.getTime() - now().getTime())),
  };
  const keys = workflows.map(({ key }) => key);
  const double = keys.find((key, n) => keys.indexOf(key) < n);
  if (double) throw new WorkflowError('WORKFLOW_DEFINITION_INVALID', `there are two workflows ${double}: count the version up`);
  for (const workflow of workflows) {
    const { key } = workflow;
    const saga = async (runId: string) => {
      try {
        return await runSaga(shop, ofClock, workflow, runId);
      } catch (error) {
        if (!isControlFlow(error)) await giveUp(shop, workflow, runId, error);
        throw error;
      }
    };
    DBOS.registerWorkflow(saga, { name: key, maxRecoveryAttempts: maxTakeovers });
  }
}

/** What DBOS throws to end an execution must reach it; a saga that answers it with compensation would undo what another execution does. */
function isControlFlow(error: unknown): boolean {
  return error instanceof DBOSWorkflowConflictError || error instanceof DbosErrors.DBOSWorkflowCancelledError || error instanceof RunLost;
}

/** Marks a run that cannot be continued; DBOS ends it right after. */
async function giveUp<Deps>(shop: Workshop<Deps>, workflow: AnyWorkflow<Deps>, runId: string, error: unknown): Promise<void> {
  const { sql, executor, observe } = shop;
  const hold = await readHold(sql, runId, executor).catch(() => null);
  if (!hold?.isOurs) return;
  const hasEnded = await endRun(sql, runId, 'FAILED', workflow.forget).catch(() => false);
  if (hasEnded) observe({ kind: 'alarm', status: 'FAILED', runId, workflow: workflow.name, step: hold.run.step, error });
}
