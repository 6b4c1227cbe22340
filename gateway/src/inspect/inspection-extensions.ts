import { prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';
import type { InspectedFetch, Inspection } from './inspection.ts';

/** What an inspected answer says in `extensions`. */
export function inspectionExtensions(inspection: Inspection): Record<string, unknown> {
  const { wishes, plan } = inspection;
  const extensions: Record<string, unknown> = {};
  if (wishes.plan.router && plan)
    extensions['apolloQueryPlan'] = { object: { kind: 'QueryPlan', node: plan.node ?? null }, text: textOf(plan) };
  if (wishes.plan.gateway !== 'none' && plan)
    extensions['__queryPlanExperimental'] = wishes.plan.gateway === 'internal' ? plan : textOf(plan) || true;
  if (wishes.timing) extensions['inspection'] = timingOf(inspection);
  return extensions;
}

function textOf(plan: QueryPlan): string {
  return prettyFormatQueryPlan(plan);
}

function timingOf(inspection: Inspection): Record<string, unknown> {
  const { planningMs, isFromCache, fetches } = inspection;
  return {
    planningMs: rounded(planningMs),
    totalMs: rounded(inspection.elapsedMs()),
    isFromCache,
    fetches: fetches.map(({ startedAtMs, endedAtMs, trace: _, ...fetch }: InspectedFetch) => ({
      ...fetch,
      startedAtMs: rounded(startedAtMs),
      tookMs: rounded(endedAtMs - startedAtMs),
    })),
  };
}

/** Hundredths of a millisecond: more says nothing. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
