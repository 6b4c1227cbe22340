import { RateLimitedError, UserFault, userError } from '@app/subgraph';
import type { ThrottleRule } from '../domain/throttle-rule.ts';
import type { AccountsApp } from './ports.ts';

/** One counter that an attempt is held against; a key of null (an unknown address) is not counted. */
export type Bucket = readonly [rule: ThrottleRule, key: string | null];

/** Counts an attempt in every bucket. @throws {UserFault} RateLimitedError with the longest wait that any of them asks for. */
export async function countAttempt({ throttle }: AccountsApp, buckets: readonly Bucket[]): Promise<void> {
  const waits = await Promise.all(buckets.map(([rule, key]) => (key === null ? 0 : throttle.attempt(rule, key))));
  const retryAfterSeconds = Math.ceil(Math.max(...waits));
  if (retryAfterSeconds <= 0) return;
  const facts = { code: 'RATE_LIMITED', message: `Too many attempts: wait ${retryAfterSeconds} seconds, then try again.` };
  throw new UserFault(userError(RateLimitedError, facts, { retryAfterSeconds }));
}
