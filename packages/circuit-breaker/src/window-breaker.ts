import { CircuitState, type IBreaker } from 'cockatiel';

/** When a circuit opens. */
export interface WindowBreakerOptions {
  /** Failures within the window. */
  readonly threshold: number;
  /** Least share of the window's calls that failed. */
  readonly share: number;
  readonly windowMs: number;
  readonly now: () => number;
}

interface Slot {
  readonly startedAt: number;
  failures: number;
  successes: number;
}

/** Slots of a window: as coarse as forgetting is. */
const SLOTS = 10;

/**
 * Opens when, within a sliding window of time, failures are as many as the threshold and as large a share of all calls as
 * asked for. Successes do not take failures back; time does.
 */
export class WindowBreaker implements IBreaker {
  /** The window's slots, oldest first. */
  state: Slot[] = [];
  private readonly options: WindowBreakerOptions;

  constructor(options: WindowBreakerOptions) {
    this.options = options;
  }

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) this.state = [];
    this.current().successes += 1;
  }

  failure(state: CircuitState): boolean {
    if (state === CircuitState.HalfOpen) return true;
    this.current().failures += 1;
    let [failures, calls] = [0, 0];
    for (const slot of this.state) {
      failures += slot.failures;
      calls += slot.failures + slot.successes;
    }
    return failures >= this.options.threshold && failures >= calls * this.options.share;
  }

  /** The slot of this moment. One that began longer ago than the window is forgotten. */
  private current(): Slot {
    const { now, windowMs } = this.options;
    const at = now();
    const last = this.state.at(-1);
    if (last !== undefined && at < last.startedAt + windowMs / SLOTS) return last;
    const slot: Slot = { startedAt: at, failures: 0, successes: 0 };
    this.state = [...this.state.filter(({ startedAt }) => startedAt > at - windowMs), slot];
    return slot;
  }
}
