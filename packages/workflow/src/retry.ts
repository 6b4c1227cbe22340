import type { RetryPolicy } from './step.ts';

const defaults = { firstDelayMs: 100, factor: 4, maxDelayMs: 60_000 };

/** Failures in a row before somebody is told to look, where giving up is not an option. */
export const alarmAfter = 8;

/** A pause shorter than this is not worth telling anybody of. */
export const briefMs = 250;

/** The pause after the n-th failure in a row, in milliseconds. */
export function delayAfter(failures: number, policy: RetryPolicy = {}): number {
  const { firstDelayMs, factor, maxDelayMs } = { ...defaults, ...policy };
  return Math.min(firstDelayMs * factor ** Math.min(failures - 1, 50), maxDelayMs);
}
