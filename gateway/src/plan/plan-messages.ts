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
  /** `text`: the plan as JSON. Text is handed from thread to thread at once, and whoever keeps it keeps one object. */
  | { readonly kind: 'planned'; readonly text: string }
  /** `isTold`: the message is written for the client. */
  | { readonly kind: 'refused'; readonly message: string; readonly isTold: boolean };
