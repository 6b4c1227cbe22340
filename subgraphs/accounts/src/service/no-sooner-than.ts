import { setTimeout as delay } from 'node:timers/promises';

/**
 * The outcome of some work, told no sooner than after so many milliseconds. Threat: how long an answer takes tells what
 * was found. Consequence: work that is done well within that time takes as long as none.
 */
export async function noSoonerThan<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const [outcome] = await Promise.allSettled([work, delay(ms)]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
