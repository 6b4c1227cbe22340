import { CircuitState, type IBreaker } from 'cockatiel';

/** Opens after a number of failures within a sliding window of time. Successes do not take failures back; time does. */
export class WindowBreaker implements IBreaker {
  /** When the failures of the window happened, in Unix milliseconds, oldest first. */
  state: number[] = [];

  constructor(
    private readonly threshold: number,
    private readonly windowMs: number,
    private readonly now: () => number,
  ) {}

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) this.state = [];
  }

  failure(state: CircuitState): boolean {
    if (state === CircuitState.HalfOpen) return true;
    const now = this.now();
    this.state = [...this.state.filter((at) => at > now - this.windowMs), now].slice(-this.threshold);
    return this.state.length >= this.threshold;
  }
}
