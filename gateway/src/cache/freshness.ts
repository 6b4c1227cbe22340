import type { CachePolicy } from './cache-policy.ts';
import type { Entry } from './tiered-store.ts';

/** Seconds that hold for answers whose subgraph says nothing of them (RFC 5861). */
export interface StaleDefaults {
  readonly whileRevalidateSeconds: number;
  readonly ifErrorSeconds: number;
}

/** What an entry that nobody wrote to may be used for: `stale`: while it is asked for anew; `spare`: when its subgraph is away. */
export type Freshness = 'fresh' | 'stale' | 'spare' | 'over';

/** Judges an entry by its times. */
export function freshnessOf({ freshUntil, staleUntil, spareUntil }: Entry, now: number): Freshness {
  if (now < freshUntil) return 'fresh';
  if (now < staleUntil) return 'stale';
  return now < spareUntil ? 'spare' : 'over';
}

/** Times of an answer that came now. */
export function timesOf(
  policy: CachePolicy,
  now: number,
  defaults: StaleDefaults,
): Pick<Entry, 'freshUntil' | 'staleUntil' | 'spareUntil'> {
  const freshUntil = now + policy.maxAge * 1_000;
  const staleUntil = freshUntil + (policy.staleWhileRevalidate ?? defaults.whileRevalidateSeconds) * 1_000;
  return {
    freshUntil,
    staleUntil,
    spareUntil: Math.max(staleUntil, freshUntil + (policy.staleIfError ?? defaults.ifErrorSeconds) * 1_000),
  };
}

/** How much longer an entry may be reused; undefined: it is past its time, and what is made of it is not kept. */
export function remaining({ freshUntil, scope }: Entry, now: number): CachePolicy | undefined {
  return now < freshUntil ? { maxAge: (freshUntil - now) / 1_000, scope } : undefined;
}
