import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` answers something; throws naming it after a bound that only a hang reaches. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | false | null | undefined> | Found | false,
  withinMs = 45_000,
): Promise<Found> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`never came true: ${what}`);
    await sleep(20);
  }
}
