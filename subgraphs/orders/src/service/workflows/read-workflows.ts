import type { Principal } from '@app/auth';
import { type Connection, type PageArguments, pageRequest, toConnection } from '@app/subgraph';
import type { Run, RunStatus, RunStep } from '@app/workflow';
import type { Deps } from '../deps.ts';
import { requireScope } from '../orders/order-access.ts';

export type { Run, RunStep };

/** What staff looks for; null is not narrowed. */
export interface WorkflowSearch {
  readonly name?: string | null;
  readonly status?: readonly RunStatus[] | null;
  readonly orderId?: string | null;
}

/** A page of runs, newest first. @throws {AppError} FORBIDDEN without orders:read. */
export async function readWorkflows(
  { runDesk }: Deps,
  principal: Principal,
  page: PageArguments,
  { name, status, orderId }: WorkflowSearch,
): Promise<Connection<Run>> {
  requireScope(principal, 'orders:read');
  const request = pageRequest(page, 'NEWEST', 2);
  const filter = {
    ...(name != null && { workflow: name }),
    ...(orderId != null && { subject: orderId }),
    ...(status != null && { statuses: status }),
  };
  const after = request.from && keyOf(request.from);
  const runs = await runDesk.list({ ...filter, limit: request.limit + 1, ...(after && { after }) });
  return toConnection(
    runs,
    request,
    ({ createdAt, id }) => [createdAt.toISOString(), id],
    () => runDesk.count(filter),
  );
}

/** A run; null when there is none. @throws {AppError} FORBIDDEN without orders:read. */
export function readWorkflow({ runDesk }: Deps, principal: Principal, id: string): Promise<Run | null> {
  requireScope(principal, 'orders:read');
  return runDesk.find(id);
}

/** The steps of each run. */
export async function readStepsOf({ runDesk }: Deps, ids: readonly string[]): Promise<(readonly RunStep[])[]> {
  const steps = await runDesk.steps(ids);
  return ids.map((id) => steps.get(id) ?? []);
}

/** A key that no cursor of ours has leads to the end of the list. */
function keyOf([createdAt, id]: readonly (string | number | null)[]): { createdAt: Date; id: string } {
  const time = new Date(String(createdAt));
  return { createdAt: Number.isNaN(time.getTime()) ? new Date(0) : time, id: String(id) };
}
