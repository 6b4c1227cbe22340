import { setTimeout as delay } from 'node:timers/promises';
import { allInvariants } from './all-invariants.ts';
import { openBooks } from './books.ts';
import { allHold, type Finding, inspect } from './invariant.ts';

/** How long to wait for a graph to come to rest. */
export interface Settling {
  readonly withinMs: number;
  /** See Books.patienceSeconds; the longest that orders may wait unless given. */
  readonly patienceSeconds?: number;
}

/** The findings once all invariants hold without any grace, or those of the last look when the time is up. */
export async function settledFindings(
  urls: Readonly<Record<string, string>>,
  { withinMs, patienceSeconds }: Settling,
): Promise<readonly Finding[]> {
  await using books = openBooks(urls, { graceSeconds: 0, ...(patienceSeconds !== undefined && { patienceSeconds }) });
  const deadline = performance.now() + withinMs;
  for (;;) {
    const findings = await inspect(books, allInvariants);
    if (allHold(findings) || performance.now() > deadline) return findings;
    await delay(1_000);
  }
}
