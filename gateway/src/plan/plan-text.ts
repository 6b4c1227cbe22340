import type { QueryPlan } from '@apollo/query-planner';

/** A plan and its JSON. The text is what is kept: one object, where the plan is hundreds, which would be copied by collections again and again. */
export interface PlanText {
  readonly text: string;
  readonly plan: QueryPlan;
}

/** @throws SyntaxError when it is not JSON. */
export function readPlan(text: string): PlanText {
  return { text, plan: JSON.parse(text) as QueryPlan };
}
