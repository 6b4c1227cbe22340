/** The state of a circuit, in words. */
export type CircuitStateName = 'closed' | 'open' | 'half-open' | 'isolated';

/** What has happened to the calls of one circuit since the process started. */
export interface CircuitMetrics {
  readonly id: string;
  readonly state: CircuitStateName;
  /** Calls of `execute`. */
  readonly calls: number;
  /** Attempts that answered. */
  readonly successes: number;
  /** Attempts that failed, timeouts among them. */
  readonly failures: number;
  readonly timeouts: number;
  /** Attempts beyond the first of their call. */
  readonly retries: number;
  /** Retries that the budget refused. */
  readonly retriesRefused: number;
  /** Second attempts made while the first was not answered, and those that answered first. */
  readonly hedges: number;
  readonly hedgesWon: number;
  /** Attempts that an open circuit refused. */
  readonly refused: number;
  /** Calls that found the bulkhead and its queue full. */
  readonly overflowed: number;
  /** Calls answered by their fallback. */
  readonly fallbacks: number;
  /** Calls running and waiting now. */
  readonly active: number;
  readonly queued: number;
}

/** What a circuit tells whoever observes it. */
export type CircuitEvent =
  | { readonly kind: 'state'; readonly id: string; readonly from: CircuitStateName; readonly to: CircuitStateName }
  | { readonly kind: 'retry'; readonly id: string; readonly attempt: number; readonly error: unknown }
  | { readonly kind: 'hedge'; readonly id: string }
  | { readonly kind: 'failure'; readonly id: string; readonly durationMs: number; readonly error: unknown }
  | { readonly kind: 'success'; readonly id: string; readonly durationMs: number }
  | { readonly kind: 'fallback'; readonly id: string; readonly error: unknown };

/** The counters behind {@link CircuitMetrics}. */
export class Counters {
  calls = 0;
  successes = 0;
  failures = 0;
  timeouts = 0;
  retries = 0;
  retriesRefused = 0;
  hedges = 0;
  hedgesWon = 0;
  refused = 0;
  overflowed = 0;
  fallbacks = 0;
}
