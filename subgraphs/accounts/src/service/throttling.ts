import { RateLimitedError, UserFault, userError } from '@app/subgraph';
import { signInPerAccount, signInPerAddress, signInPerPair, type ThrottleRule } from '../domain/throttle-rule.ts';
import type { AccountsApp } from './ports.ts';

/** One counter that an attempt is held against; a key of null (an unknown address) is not counted. */
export type Bucket = readonly [rule: ThrottleRule, key: string | null];

/**
 * Counts an attempt in one bucket after the other, up to the first that refuses it: what an address is refused is not held
 * against the account it aimed at. @throws {UserFault} RateLimitedError with the wait.
 */
export async function countAttempt({ throttle }: AccountsApp, buckets: readonly Bucket[]): Promise<void> {
  for (const [rule, key] of buckets) {
    const wait = key === null ? 0 : await throttle.attempt(rule, key);
    if (wait > 0) throw tooMany(Math.ceil(wait));
  }
}

/**
 * Counts a sign-in to an account from a network address. An owner who must wait because of others gets this attempt back:
 * they wait no longer the next time. @throws {UserFault} RateLimitedError.
 */
export async function countSignIn(app: AccountsApp, email: string, address: string | null): Promise<void> {
  const pair = pairOf(email, address);
  await countAttempt(app, [
    [signInPerAddress, address],
    [signInPerPair, pair],
  ]);
  try {
    await countAttempt(app, [[signInPerAccount, email]]);
  } catch (error) {
    await app.throttle.giveBack(signInPerPair, pair);
    throw error;
  }
}

/** The owner came in from this address: forgets what was counted against the account, and takes this attempt back. */
export async function forgetSignIns({ throttle }: AccountsApp, email: string, address: string | null): Promise<void> {
  await throttle.forget(signInPerPair, pairOf(email, address));
  await throttle.forget(signInPerAccount, email);
  if (address !== null) await throttle.giveBack(signInPerAddress, address);
}

/** The key of an e-mail address and a network address. Callers without one are one: an e-mail address holds no space. */
export function pairOf(email: string, address: string | null): string {
  return `${email} ${address ?? 'unknown'}`;
}

function tooMany(retryAfterSeconds: number): UserFault {
  const facts = { code: 'RATE_LIMITED', message: `Too many attempts: wait ${retryAfterSeconds} seconds, then try again.` };
  return new UserFault(userError(RateLimitedError, facts, { retryAfterSeconds }));
}
