import { RegistryError } from '../registry-error.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Callers remembered; the oldest is forgotten first, which gives it a full budget again. */
const MOST_CALLERS = 10_000;
const MINUTE_MS = 60_000;

/** A budget of requests per caller, refilled evenly. In this process only: several processes give several budgets. */
export class RateLimit {
  private readonly perMinute: number;
  private readonly now: () => number;
  private readonly buckets = new Map<string, Bucket>();

  constructor(perMinute: number, now: () => number) {
    this.perMinute = perMinute;
    this.now = now;
  }

  /** Takes one request from a caller's budget. @throws {RegistryError} `RATE_LIMITED` when nothing is left. */
  take(caller: string): void {
    const at = this.now();
    const known = this.buckets.get(caller) ?? { tokens: this.perMinute, filledAt: at };
    const tokens = Math.min(this.perMinute, known.tokens + ((at - known.filledAt) * this.perMinute) / MINUTE_MS);
    if (tokens < 1)
      throw new RegistryError(
        'RATE_LIMITED',
        `More than ${this.perMinute} requests in a minute: wait a moment, or ask the operator for more.`,
      );
    this.buckets.delete(caller);
    this.buckets.set(caller, { tokens: tokens - 1, filledAt: at });
    if (this.buckets.size > MOST_CALLERS) this.buckets.delete(this.buckets.keys().next().value ?? '');
  }
}
