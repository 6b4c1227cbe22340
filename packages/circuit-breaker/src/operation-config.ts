/** How often, and when, a failed attempt is made again. `attempts` counts the first one too. */
export type RetryStrategy =
  | { readonly kind: 'none' }
  | { readonly kind: 'constant'; readonly attempts: number; readonly delayMs: number }
  /** Doubles from `baseMs` up to `maxMs`, each delay drawn at random below that ("full jitter"). */
  | { readonly kind: 'exponential'; readonly attempts: number; readonly baseMs: number; readonly maxMs: number };

/** A retry repeats the call, so only an operation declared idempotent may have one. */
type Repetition =
  | { readonly idempotent: true; readonly retry?: RetryStrategy }
  | { readonly idempotent?: false; readonly retry?: { readonly kind: 'none' } };

/** The lasting part of a configuration: what makes two calls share a circuit. */
export type CircuitConfig = Repetition & {
  /** Names the circuit: one dependency, or one kind of call to it. */
  readonly id: string;
  /** Failures within the monitoring window that open the circuit. Default 5. */
  readonly failureThreshold?: number;
  /** Length of the sliding window in which failures count. Default 10 000. */
  readonly monitoringWindowMs?: number;
  /** How long an open circuit waits before it lets one probe through. Default 5 000. */
  readonly recoveryTimeoutMs?: number;
  /** Longest time of one attempt. Default 5 000. */
  readonly timeoutMs?: number;
  /** Calls at once, and calls that may wait for their turn. Default 100 and 100. */
  readonly bulkhead?: { readonly limit: number; readonly queue: number };
  /** Part of all calls that may be repeated, so that retries cannot multiply an outage's load. Default 0.2. */
  readonly retryBudget?: number;
};

/** Configuration of one call. */
export type OperationConfig<T> = CircuitConfig & {
  /** Whether an error says that the dependency is unwell. Default: every error does. */
  readonly isFailure?: (error: unknown) => boolean;
  /** Answers instead when the call has failed, was refused or timed out; not when the caller aborted. */
  readonly fallback?: (error: unknown) => T | Promise<T>;
  /** The caller's own wish to stop. */
  readonly signal?: AbortSignal;
};

/** A configuration with every default filled in. */
export interface CircuitSettings {
  readonly id: string;
  readonly failureThreshold: number;
  readonly monitoringWindowMs: number;
  readonly recoveryTimeoutMs: number;
  readonly timeoutMs: number;
  readonly bulkhead: { readonly limit: number; readonly queue: number };
  readonly retryBudget: number;
  readonly retry: RetryStrategy;
}

/** Fills in defaults. @throws RangeError naming circuit, option and value. */
export function circuitSettings(config: CircuitConfig): CircuitSettings {
  const { id, idempotent = false, retry = { kind: 'none' }, retryBudget = 0.2 } = config;
  const { failureThreshold = 5, monitoringWindowMs = 10_000, recoveryTimeoutMs = 5_000, timeoutMs = 5_000 } = config;
  const { limit, queue } = config.bulkhead ?? { limit: 100, queue: 100 };
  const check = (name: string, value: number, isValid: boolean) => {
    if (!isValid) throw new RangeError(`circuit "${id}": ${name} is ${value}, which is out of range`);
  };
  check('failureThreshold', failureThreshold, Number.isInteger(failureThreshold) && failureThreshold >= 1);
  for (const [name, value] of Object.entries({ monitoringWindowMs, recoveryTimeoutMs, timeoutMs })) check(name, value, value > 0);
  check('bulkhead.limit', limit, Number.isInteger(limit) && limit >= 1);
  check('bulkhead.queue', queue, Number.isInteger(queue) && queue >= 0);
  check('retryBudget', retryBudget, retryBudget >= 0 && retryBudget <= 1);
  if (retry.kind !== 'none') {
    check('retry.attempts', retry.attempts, Number.isInteger(retry.attempts) && retry.attempts >= 1);
    if (!idempotent) throw new RangeError(`circuit "${id}": a retry repeats the call, so the operation must be idempotent`);
  }
  return { id, failureThreshold, monitoringWindowMs, recoveryTimeoutMs, timeoutMs, bulkhead: { limit, queue }, retryBudget, retry };
}
