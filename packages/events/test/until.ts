import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds; throws naming it after a bound that only a hang reaches. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never came true: ${what}`);
    await sleep(20);
  }
}
