/** How often, and when, a failed attempt is made again. `attempts` counts the first one too. */
export type RetryStrategy =
  | { readonly kind: 'none' }
  | { readonly kind: 'constant'; readonly attempts: number; readonly delayMs: number }
  /** Doubles from `baseMs` up to `maxMs`, each delay drawn at random below that ("full jitter"). */
  | { readonly kind: 'exponential'; readonly attempts: number; readonly baseMs: number; readonly maxMs: number };

/** When a call that has not been answered is made a second time, the first answer of both counting. */
export interface Hedge {
  /** About the time in which nineteen of twenty calls are answered. */
  readonly afterMs: number;
}

/** A retry and a hedge repeat the call, so only an operation declared idempotent may have one. */
type Repetition =
  | { readonly idempotent: true; readonly retry?: RetryStrategy; readonly hedge?: Hedge | undefined }
  | { readonly idempotent?: false; readonly retry?: { readonly kind: 'none' }; readonly hedge?: undefined };

/** How many calls run at once, and how many wait. */
export interface Bulkhead {
  readonly limit: number;
  readonly queue: number;
}

/** The lasting part of a configuration: what makes two calls share a circuit. */
export type CircuitConfig = Repetition & {
  /** Names the circuit: one dependency, or one kind of call to it. */
  readonly id: string;
  /** Failures within the monitoring window that open the circuit. Default 5. */
  readonly failureThreshold?: number;
  /** Least share of the calls within the window that failed, from 0 to 1; for busy circuits. Default 0: the threshold alone counts. */
  readonly failureShare?: number;
  /** Length of the sliding window in which failures count. Default 10 000. */
  readonly monitoringWindowMs?: number;
  /** How long an open circuit waits before it lets one probe through; all others are refused until that one is answered. Default 5 000. */
  readonly recoveryTimeoutMs?: number;
  /** Longest time of one attempt. Default 5 000. `own`: the operation keeps a deadline itself. */
  readonly timeoutMs?: number | 'own';
  /** Calls at once, and calls that may wait for their turn. Default 100 and 100. `own`: the operation keeps to a pool itself. */
  readonly bulkhead?: Bulkhead | 'own';
  /** Part of all calls that may be repeated, so that retries cannot multiply an outage's load. Default 0.2. */
  readonly retryBudget?: number;
};

/** What one call asks of its circuit. */
export interface CallConfig<T> {
  /** For an operation that may be repeated. */
  readonly hedge?: Hedge | undefined;
  /** Whether an error says that the dependency is unwell. Default: every error does. */
  readonly isFailure?: (error: unknown) => boolean;
  /** Answers instead when the call has failed, was refused or timed out; not when the caller aborted. */
  readonly fallback?: (error: unknown) => T | Promise<T>;
  /** The caller's own wish to stop. */
  readonly signal?: AbortSignal | undefined;
}

/** Configuration of one call and of the circuit that it goes through. */
export type OperationConfig<T> = CircuitConfig & CallConfig<T>;

/** A configuration with every default filled in. */
export interface CircuitSettings {
  readonly id: string;
  readonly failureThreshold: number;
  readonly failureShare: number;
  readonly monitoringWindowMs: number;
  readonly recoveryTimeoutMs: number;
  readonly timeoutMs: number | 'own';
  readonly bulkhead: Bulkhead | 'own';
  readonly retryBudget: number;
  readonly retry: RetryStrategy;
}

/** Fills in defaults. @throws RangeError naming circuit, option and value. */
export function circuitSettings(config: CircuitConfig): CircuitSettings {
  const { id, idempotent = false, retry = { kind: 'none' }, retryBudget = 0.2 } = config;
  const { failureThreshold = 5, failureShare = 0, monitoringWindowMs = 10_000, recoveryTimeoutMs = 5_000, timeoutMs = 5_000 } = config;
  const { bulkhead = { limit: 100, queue: 100 } } = config;
  const check = (name: string, value: number, isValid: boolean) => {
    if (!isValid) throw new RangeError(`circuit "${id}": ${name} is ${value}, which is out of range`);
  };
  check('failureThreshold', failureThreshold, Number.isInteger(failureThreshold) && failureThreshold >= 1);
  check('failureShare', failureShare, failureShare >= 0 && failureShare <= 1);
  for (const [name, value] of Object.entries({ monitoringWindowMs, recoveryTimeoutMs })) check(name, value, value > 0);
  if (timeoutMs !== 'own') check('timeoutMs', timeoutMs, timeoutMs > 0);
  if (bulkhead !== 'own') {
    check('bulkhead.limit', bulkhead.limit, Number.isInteger(bulkhead.limit) && bulkhead.limit >= 1);
    check('bulkhead.queue', bulkhead.queue, Number.isInteger(bulkhead.queue) && bulkhead.queue >= 0);
  }
  check('retryBudget', retryBudget, retryBudget >= 0 && retryBudget <= 1);
  if (retry.kind !== 'none') {
    check('retry.attempts', retry.attempts, Number.isInteger(retry.attempts) && retry.attempts >= 1);
    if (!idempotent) throw new RangeError(`circuit "${id}": a retry repeats the call, so the operation must be idempotent`);
  }
  if (config.hedge !== undefined && !idempotent) {
    throw new RangeError(`circuit "${id}": a hedge repeats the call, so the operation must be idempotent`);
  }
  return { id, failureThreshold, failureShare, monitoringWindowMs, recoveryTimeoutMs, timeoutMs, bulkhead, retryBudget, retry };
}
