import type { Principal } from '@app/auth';
import { withTx } from '@app/database';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import { type Run, WorkflowError } from '@app/workflow';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findOrder } from '../../data/order-rows.ts';
import type { Deps, RunDesk } from '../deps.ts';
import { requireScope } from '../orders/order-access.ts';

/** Tries a run at once that waits, pauses or was stopped. @throws {UserFault} NOT_FOUND, RUN_NOT_RESUMABLE. */
export function retryWorkflow(deps: Deps, principal: Principal, id: string): Promise<Run> {
  return steer(deps, principal, id, { kind: 'RUN_RETRIED', message: 'was tried again', act: (desk) => desk.resume(id) });
}

/** Stops a run where it is; nothing is undone. @throws {UserFault} NOT_FOUND, RUN_NOT_CANCELLABLE. */
export function cancelWorkflow(deps: Deps, principal: Principal, id: string, reason: string): Promise<Run> {
  const why = checkReason(reason);
  return steer(deps, principal, id, { kind: 'RUN_STOPPED', message: `was stopped: ${why}`, act: (desk) => desk.cancel(id) });
}

/** Turns a run around before its point of no return: what it did is undone. @throws {UserFault} NOT_FOUND, RUN_NOT_COMPENSABLE. */
export function compensateWorkflow(deps: Deps, principal: Principal, id: string, reason: string): Promise<Run> {
  const why = checkReason(reason);
  const refusal = { reason: 'CANCELLED', message: `The order was called off: ${why}` };
  return steer(deps, principal, id, { kind: 'RUN_UNDONE', message: `is undone: ${why}`, act: (desk) => desk.compensate(id, refusal) });
}

function checkReason(reason: string): string {
  const check = new InputCheck();
  const why = check.text(reason, ['input', 'reason'], { max: 500, multiline: true });
  check.finish();
  return why;
}

interface Steering {
  readonly kind: string;
  readonly message: string;
  readonly act: (desk: RunDesk) => Promise<Run>;
}

/** Whatever staff does to a run stands in its order's history. @throws {AppError} FORBIDDEN without both write scopes: a run moves goods and money. */
async function steer({ db, runDesk }: Deps, principal: Principal, id: string, { kind, message, act }: Steering): Promise<Run> {
  requireScope(principal, 'orders:write');
  requireScope(principal, 'payments:write');
  const actor = principal.kind === 'user' ? principal.id : 'system';
  try {
    const run = await act(runDesk);
    await withTx(db, async (tx: Tx) => {
      if (await findOrder(tx, run.subject))
        await addEntry(tx, run.subject, { kind, message: `The workflow ${run.workflow} ${message}`, actor });
    });
    return run;
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new UserFault(
      error.code === 'RUN_UNKNOWN' ? notFound('workflow', id, ['id']) : conflict(error.code, error.message, null, ['id']),
    );
  }
}
