import type { QueryPlan } from '@apollo/query-planner';

/** What the planning thread is asked. */
export interface PlanJob {
  readonly query: string;
  readonly operationName: string | undefined;
  /** Labels of `@override` that are active. */
  readonly activeLabels: readonly string[];
}

/** What it says. */
export type PlanOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'planned'; readonly plan: QueryPlan }
  /** `isTold`: the message is written for the client. */
  | { readonly kind: 'refused'; readonly message: string; readonly isTold: boolean };
