import type { Deps } from '../deps.ts';

/** How long the process that starts a run keeps it to itself without a sign of life. */
const firstLeaseMs = 30_000;

/** The lease of a run that this process starts and drives. */
export function firstLease({ now }: Deps): Date {
  return new Date(now().getTime() + firstLeaseMs);
}
