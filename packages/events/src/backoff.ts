/** How often a handler is tried in place, and how long between the tries. */
export interface RetryPolicy {
  /** Tries in all; 1 means no retry. */
  readonly attempts: number;
  /** First delay, in milliseconds; doubles with each try. */
  readonly baseMs: number;
  /** Longest delay, in milliseconds. */
  readonly maxMs: number;
}

/** Five tries within about a second, then the dead letters. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 50, maxMs: 5_000 };

/** Delay after the given failed try (1, 2, …): exponential with full jitter between half and all of it. */
export function backoffMs(policy: RetryPolicy, attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * random();
}
