import { setTimeout as delay } from 'node:timers/promises';

/** Repeats `check` until it no longer throws; after the limit its last error is thrown. For what happens behind an answer. */
export async function eventually<Result>(check: () => Promise<Result>, limitMs = 30_000): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(200);
    }
  }
}
