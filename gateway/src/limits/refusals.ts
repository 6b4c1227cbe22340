import { AppError } from '@app/errors';
import { LRUCache } from 'lru-cache';
import type { RequestState } from '../operation/request-state.ts';
import { bucketOf, type RateLimitOptions } from './rate-limit.ts';
import type { Withdrawal } from './token-bucket.ts';

/** Reading and checking so much text costs about as much as a field that is served. */
const CHARACTERS_PER_UNIT = 10;
/** Callers of whom it is remembered that they have nothing left. */
const MAX_CALLERS = 10_000;

/**
 * Lets operations pay that were refused before they had a price: to read and check a document is most of the work that nobody else limits.
 * Who cannot pay is refused everything until they could, before any of it is read. Known to this process only, so that it costs those
 * nothing who make no mistakes: neither a question to Redis nor, while nobody is in debt, more than a look at the clock.
 */
export class Refusals {
  private readonly options: RateLimitOptions;
  private readonly now: () => number;
  /** Until when, in milliseconds since 1970. */
  private readonly indebted = new LRUCache<string, number>({ max: MAX_CALLERS });
  private lastUntil = 0;

  constructor(options: RateLimitOptions, now: () => number = Date.now) {
    this.options = options;
    this.now = now;
  }

  /** @throws {AppError} RATE_LIMITED */
  admit(request: RequestState): void {
    const now = this.now();
    if (now >= this.lastUntil) return;
    const until = this.indebted.get(bucketOf(request, this.options).key);
    if (until === undefined || now >= until) return;
    throw new AppError('RATE_LIMITED', undefined, { details: { retryAfterSeconds: Math.ceil((until - now) / 1000) } });
  }

  /** Takes what was refused out of the caller's budget. Nobody waits for it, and it does not fail. */
  charge(request: RequestState, characters: number): void {
    const { key, size } = bucketOf(request, this.options);
    const amount = Math.min(size.capacity, Math.max(1, Math.ceil(characters / CHARACTERS_PER_UNIT)));
    const settle = ({ isAllowed, retryAfterSeconds }: Withdrawal): void => {
      if (isAllowed) return;
      const until = this.now() + retryAfterSeconds * 1000;
      this.indebted.set(key, until);
      this.lastUntil = Math.max(this.lastUntil, until);
    };
    const taken = this.options.buckets.take(key, amount, size);
    if (taken instanceof Promise) void taken.then(settle);
    else settle(taken);
  }
}
