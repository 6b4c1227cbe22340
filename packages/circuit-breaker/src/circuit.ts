import {
  BrokenCircuitError,
  type BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  IsolatedCircuitError,
  retry,
  TaskCancelledError,
  type TimeoutPolicy,
  TimeoutStrategy,
  timeout,
} from 'cockatiel';
import { type CircuitEvent, type CircuitMetrics, type CircuitStateName, Counters } from './circuit-metrics.ts';
import { hedged } from './hedge.ts';
import type { CallConfig, CircuitSettings, RetryStrategy } from './operation-config.ts';
import { Recovery } from './recovery.ts';
import { RetryBudget } from './retry-budget.ts';
import { WindowBreaker } from './window-breaker.ts';

/** What a call is given: a signal that aborts on timeout and with the caller, and which attempt it is (1, 2, …). */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly attempt: number;
}

/** A call through a circuit. It should hand the signal on, or its work goes on after the timeout. */
export type Operation<T> = (attempt: Attempt) => Promise<T>;

/** Where time, randomness and an audience come from. */
export interface CircuitSurroundings {
  readonly now: () => number;
  readonly random: () => number;
  readonly emit: (event: CircuitEvent) => void;
}

/** The caller aborted. Says nothing about the dependency, so neither breaker nor retry nor fallback act on it. */
class CallerGone extends Error {}

/** An error that the call's own `isFailure` does not hold against the dependency. */
class NotAFailure extends Error {}

/** For operations that keep their own deadline and whose caller cannot stop. */
const NEVER = new AbortController().signal;

const STATE_NAMES: Record<CircuitState, CircuitStateName> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'isolated',
};

/** One dependency's policies, from the outside in: fallback, bulkhead, retry, breaker, timeout. */
export class Circuit {
  readonly settings: CircuitSettings;
  readonly #counters = new Counters();
  readonly #surroundings: CircuitSurroundings;
  readonly #bulkhead: BulkheadPolicy | undefined;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #timeout: TimeoutPolicy | undefined;
  readonly #budget: RetryBudget;

  constructor(settings: CircuitSettings, surroundings: CircuitSurroundings) {
    this.settings = settings;
    this.#surroundings = surroundings;
    this.#budget = new RetryBudget(settings.retryBudget);
    const { bulkhead: room, timeoutMs, failureThreshold: threshold, failureShare: share, monitoringWindowMs: windowMs } = settings;
    this.#bulkhead = room === 'own' ? undefined : bulkhead(room.limit, room.queue);
    this.#timeout = timeoutMs === 'own' ? undefined : timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
    const breaker = new WindowBreaker({ threshold, share, windowMs, now: surroundings.now });
    // A probe whose caller left has proved nothing: the circuit opens again instead of closing.
    const counts = handleWhen((error) =>
      isNeutral(error) ? this.#breaker.state === CircuitState.HalfOpen && error instanceof CallerGone : true,
    );
    const halfOpenAfter = { next: () => new Recovery(settings.recoveryTimeoutMs, surroundings.now) };
    this.#breaker = circuitBreaker(counts, { breaker, halfOpenAfter });
    let from = this.state;
    this.#breaker.onStateChange((state) => {
      const to = STATE_NAMES[state];
      surroundings.emit({ kind: 'state', id: settings.id, from, to });
      from = to;
    });
  }

  get state(): CircuitStateName {
    return STATE_NAMES[this.#breaker.state];
  }

  get metrics(): CircuitMetrics {
    const { bulkhead: room } = this.settings;
    const policy = this.#bulkhead;
    const isKept = room !== 'own' && policy !== undefined;
    const load = isKept ? { active: room.limit - policy.executionSlots, queued: room.queue - policy.queueSlots } : { active: 0, queued: 0 };
    return { id: this.settings.id, state: this.state, ...this.#counters, ...load };
  }

  /** Keeps the circuit open until the answer is disposed. */
  isolate(): Disposable {
    const isolation = this.#breaker.isolate();
    return { [Symbol.dispose]: () => isolation.dispose() };
  }

  async execute<T>(operation: Operation<T>, config: CallConfig<T>): Promise<T> {
    this.#counters.calls += 1;
    this.#budget.earn();
    try {
      if (this.#bulkhead === undefined) return await this.#withRetry(operation, config);
      return await this.#bulkhead.execute(() => this.#withRetry(operation, config), config.signal);
    } catch (thrown) {
      if (isRefusal(thrown)) this.#counters.refused += 1;
      const error = isNeutral(thrown) ? thrown.cause : thrown;
      if (thrown instanceof CallerGone || config.signal?.aborted === true) throw config.signal?.reason ?? error;
      if (thrown instanceof BulkheadRejectedError) this.#counters.overflowed += 1;
      if (config.fallback === undefined || isNeutral(thrown)) throw error;
      this.#counters.fallbacks += 1;
      this.#surroundings.emit({ kind: 'fallback', id: this.settings.id, error });
      return config.fallback(error);
    }
  }

  #withRetry<T>(operation: Operation<T>, config: CallConfig<T>): Promise<T> {
    const { retry: strategy, id } = this.settings;
    if (strategy.kind === 'none') return this.#attempt(operation, config, 1);
    const { attempts } = strategy;
    let attempt = 0;
    const isRetried = (error: unknown) => attempt < attempts && !isNeutral(error) && !isRefusal(error) && this.#mayRetry();
    const backoff = new DelegateBackoff(() => delayMs(strategy, attempt, this.#surroundings.random));
    const policy = retry(handleWhen(isRetried), { maxAttempts: attempts, backoff });
    policy.onRetry((reason) => {
      this.#counters.retries += 1;
      this.#surroundings.emit({ kind: 'retry', id, attempt: attempt + 1, error: 'error' in reason ? reason.error : undefined });
    });
    const nextAttempt = () => {
      attempt += 1;
      return this.#attempt(operation, config, attempt);
    };
    return policy.execute(nextAttempt, config.signal);
  }

  #attempt<T>(operation: Operation<T>, config: CallConfig<T>, attempt: number): Promise<T> {
    const { hedge, signal } = config;
    if (hedge === undefined) return this.#guarded(operation, config, attempt);
    return hedged((both) => this.#guarded(operation, { ...config, signal: both }, attempt), {
      afterMs: hedge.afterMs,
      signal,
      mayHedge: () => this.#mayHedge(),
      onWon: () => {
        this.#counters.hedgesWon += 1;
      },
    });
  }

  #mayHedge(): boolean {
    if (this.#breaker.state !== CircuitState.Closed || !this.#mayRetry()) return false;
    this.#counters.hedges += 1;
    this.#surroundings.emit({ kind: 'hedge', id: this.settings.id });
    return true;
  }

  #mayRetry(): boolean {
    const isAllowed = this.#budget.take();
    if (!isAllowed) this.#counters.retriesRefused += 1;
    return isAllowed;
  }

  /** Half-open means that a probe is under way: nobody waits for what becomes of it, which may take as long as the dependency hangs. */
  #guarded<T>(operation: Operation<T>, config: CallConfig<T>, attempt: number): Promise<T> {
    if (this.#breaker.state === CircuitState.HalfOpen) return Promise.reject(new BrokenCircuitError());
    return this.#breaker.execute(() => this.#measured(operation, config, attempt), config.signal);
  }

  async #measured<T>(operation: Operation<T>, config: CallConfig<T>, attempt: number): Promise<T> {
    const { id } = this.settings;
    const startedAt = performance.now();
    try {
      const value = await (this.#timeout === undefined
        ? operation({ signal: config.signal ?? NEVER, attempt })
        : this.#timeout.execute(({ signal }) => operation({ signal, attempt }), config.signal));
      this.#counters.successes += 1;
      this.#surroundings.emit({ kind: 'success', id, durationMs: performance.now() - startedAt });
      return value;
    } catch (error) {
      if (config.signal?.aborted === true) throw new CallerGone('the caller aborted', { cause: error });
      if (config.isFailure?.(error) === false) throw new NotAFailure('not held against the dependency', { cause: error });
      this.#counters.failures += 1;
      if (error instanceof TaskCancelledError) this.#counters.timeouts += 1;
      this.#surroundings.emit({ kind: 'failure', id, durationMs: performance.now() - startedAt, error });
      throw error;
    }
  }
}

function isNeutral(error: unknown): error is CallerGone | NotAFailure {
  return error instanceof CallerGone || error instanceof NotAFailure;
}

function isRefusal(error: unknown): boolean {
  return error instanceof BrokenCircuitError || error instanceof IsolatedCircuitError;
}

/** The delay before the attempt after `attempt`. */
function delayMs(strategy: RetryStrategy, attempt: number, random: () => number): number {
  switch (strategy.kind) {
    case 'none':
      return 0;
    case 'constant':
      return strategy.delayMs;
    case 'exponential':
      return Math.min(strategy.maxMs, strategy.baseMs * 2 ** (attempt - 1)) * random();
  }
}
