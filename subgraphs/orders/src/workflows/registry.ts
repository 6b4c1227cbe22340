import { overdueRuns } from '../data/run-rows.ts';
import type { Deps } from '../service/deps.ts';
import { cancelOrder } from './cancel-order/cancel-order.ts';
import { advance, type PassOutcome } from './engine.ts';
import { placeOrder } from './place-order/place-order.ts';
import { receiveReturn } from './receive-return/receive-return.ts';
import { refundOrder } from './refund-order/refund-order.ts';
import { shipOrder } from './ship-order/ship-order.ts';
import type { Workflow } from './workflow.ts';

/** Every workflow, by the name that runs are stored under. */
export const workflows: Readonly<Record<string, Workflow>> = {
  [placeOrder.name]: placeOrder,
  [cancelOrder.name]: cancelOrder,
  [refundOrder.name]: refundOrder,
  [shipOrder.name]: shipOrder,
  [receiveReturn.name]: receiveReturn,
};

/** Works on runs that nobody works on: those of killed processes and those whose time has come. Answers how each ended. */
export async function continueOverdueRuns(deps: Deps, limit = 20): Promise<PassOutcome[]> {
  const runs = await overdueRuns(deps.db, deps.now(), limit);
  const outcomes: PassOutcome[] = [];
  for (const run of runs) {
    const workflow = workflows[run.workflow];
    if (workflow) outcomes.push(await advance(deps, workflow, run.id));
    else deps.logger.error({ runId: run.id, workflow: run.workflow }, 'a run of an unknown workflow');
  }
  return outcomes;
}

/** Works on a run that this process has leased. A run that is interrupted waits for {@link continueOverdueRuns}. */
export async function driveRun(deps: Deps, workflow: string, runId: string, lease: Date): Promise<void> {
  const known = workflows[workflow];
  if (!known) throw new Error(`there is no workflow ${workflow}`);
  try {
    await advance(deps, known, runId, lease);
  } catch (error) {
    deps.logger.error({ err: error, runId }, 'a run was interrupted and will be continued');
  }
}
