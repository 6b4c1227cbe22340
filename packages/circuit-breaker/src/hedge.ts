import { setTimeout as sleep } from 'node:timers/promises';

/** How a call is hedged. */
export interface HedgeOptions {
  readonly afterMs: number;
  /** The caller's signal; aborts both attempts. */
  readonly signal: AbortSignal | undefined;
  /** Asked when the time has come: whether the budget allows a second attempt. */
  readonly mayHedge: () => boolean;
  /** Told that the second attempt was the first to answer. */
  readonly onWon: () => void;
}

/**
 * Makes a second attempt when the first has not answered in time; the first answer counts, the other attempt is aborted.
 * A first attempt that fails before that is not hedged, and of two that fail the first one's error counts.
 * (Dean and Barroso, "The Tail at Scale", CACM 2013.)
 */
export async function hedged<T>(attempt: (signal: AbortSignal) => Promise<T>, options: HedgeOptions): Promise<T> {
  const { afterMs, signal, mayHedge, onWon } = options;
  const ending = new AbortController();
  const both = signal === undefined ? ending.signal : AbortSignal.any([ending.signal, signal]);
  const first = attempt(both);
  try {
    const isLate = await Promise.race([first.then(() => false), sleep(afterMs, true, { signal: both })]);
    if (!isLate || !mayHedge()) return await first;
    const second = attempt(both).then((value) => {
      onWon();
      return value;
    });
    return await Promise.any([first, second]);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    ending.abort();
    // Whatever becomes of the attempt that is not needed any more.
    first.catch(() => undefined);
  }
}
