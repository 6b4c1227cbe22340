import { delayAfter, type ThrottleRule } from '../../domain/throttle-rule.ts';

interface Counter {
  attempts: number;
  blockedUntil: number;
  forgetAt: number;
}

const maxCounters = 20_000;

/** Counts attempts in this process: what is left when Redis is away, and enough for a single process. */
export class LocalThrottle {
  private readonly counters = new Map<string, Counter>();

  constructor(private readonly now: () => number = Date.now) {}

  attempt(rule: ThrottleRule, key: string): Promise<number> {
    const now = this.now();
    const name = `${rule.name}:${key}`;
    const known = this.counters.get(name);
    const counter = known && known.forgetAt > now ? known : { attempts: 0, blockedUntil: 0, forgetAt: 0 };
    if (counter.blockedUntil > now) return Promise.resolve((counter.blockedUntil - now) / 1000);
    counter.attempts += 1;
    counter.blockedUntil = now + delayAfter(rule, counter.attempts) * 1000;
    counter.forgetAt = now + rule.forgetAfterSeconds * 1000;
    this.counters.delete(name);
    this.counters.set(name, counter);
    this.dropOldest();
    return Promise.resolve(0);
  }

  forget(rule: ThrottleRule, key: string): Promise<void> {
    this.counters.delete(`${rule.name}:${key}`);
    return Promise.resolve();
  }

  giveBack(rule: ThrottleRule, key: string): Promise<void> {
    const counter = this.counters.get(`${rule.name}:${key}`);
    if (counter) {
      counter.attempts = Math.max(0, counter.attempts - 1);
      counter.blockedUntil = 0;
    }
    return Promise.resolve();
  }

  /** A flood of made-up keys pushes out the oldest, not the process. */
  private dropOldest(): void {
    if (this.counters.size <= maxCounters) return;
    const oldest = this.counters.keys().next();
    if (!oldest.done) this.counters.delete(oldest.value);
  }
}
