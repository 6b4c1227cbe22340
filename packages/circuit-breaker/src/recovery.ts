import type { IBackoff } from 'cockatiel';

/**
 * How long a circuit stays open, by a clock that nobody sets. cockatiel compares its duration with what the machine's clock says has passed: one
 * that was set back by an hour would keep a circuit open for an hour.
 */
export class Recovery implements IBackoff<unknown> {
  private readonly lengthMs: number;
  private readonly now: () => number;
  private readonly endsAt: number;

  /** @param now milliseconds since any moment. */
  constructor(lengthMs: number, now: () => number) {
    this.lengthMs = lengthMs;
    this.now = now;
    this.endsAt = now() + lengthMs;
  }

  get duration(): number {
    return this.now() < this.endsAt ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  next(): Recovery {
    return new Recovery(this.lengthMs, this.now);
  }
}
