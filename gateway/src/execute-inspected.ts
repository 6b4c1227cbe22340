import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { Inspection, silent } from './inspect/inspection.ts';
import { queryPlanTrace } from './inspect/query-plan-trace.ts';
import { checkedOf, type OperationState } from './operation/request-state.ts';
import type { Execution, ExecutorResult } from './schema/executor.ts';

/** What the client asked to see, or what Apollo's usage reports want to know of this request; undefined for all others. */
export function inspectionOf(
  { request }: OperationState,
  requestContext: GatewayGraphQLRequestContext | undefined,
): Inspection | undefined {
  if (requestContext?.metrics.captureTraces !== true) return request.inspection;
  const inspection = request.inspection ?? new Inspection(silent);
  inspection.asksForTraces = true;
  return inspection;
}

/** How an inspected operation is executed. */
export interface InspectedRun {
  readonly inspection: Inspection;
  readonly requestContext: GatewayGraphQLRequestContext | undefined;
  readonly execute: () => Promise<ExecutorResult>;
}

/** Executes an operation and takes note of its plan and its calls. A dry run ends with the plan. */
export async function executeInspected(
  state: OperationState,
  { inspection, requestContext, execute }: InspectedRun,
): Promise<ExecutorResult> {
  const startedAtEpochMs = Date.now();
  if (inspection.wantsPlan || inspection.wishes.timing) await notePlan(state, inspection);
  if (inspection.wishes.dryRun) return { data: null };
  const result = await execute();
  inspection.isFromCache = state.request.isFromCache ?? false;
  if (requestContext?.metrics.captureTraces === true) {
    requestContext.metrics.responseCacheHit = inspection.isFromCache;
    // The reference executor makes traces of its own.
    requestContext.metrics.queryPlanTrace ??= queryPlanTrace(inspection, startedAtEpochMs);
  }
  return result;
}

async function notePlan(state: OperationState, inspection: Inspection): Promise<void> {
  const startedAt = inspection.elapsedMs();
  const planned = plannedPart(state);
  inspection.plan =
    planned === undefined ? NO_PLAN : await state.generation.executor.planOf?.({ ...planned, signal: state.request.end.signal });
  inspection.planningMs = inspection.elapsedMs() - startedAt;
}

const NO_PLAN = { kind: 'QueryPlan' } as const;

/** The operation, or what authorization left of it; undefined when that is nothing. */
function plannedPart(state: OperationState): Pick<Execution, 'document' | 'operation' | 'planKey'> | undefined {
  const { decision } = state;
  const checked = checkedOf(state);
  if (decision?.kind !== 'filtered') return { document: checked.document, operation: checked.operation, planKey: checked.key };
  const { document, filtered, key } = decision.rest;
  return filtered.hasRest ? { document, operation: filtered.operation, planKey: key } : undefined;
}
