import { findingsTable } from '../invariants/invariant.ts';
import type { Purchase } from './buyer.ts';
import type { Round } from './round.ts';

/** A round in words. */
export function roundReport({ options, harms, purchases, staff, settledMs, findings }: Round): string {
  const placed = purchases.filter((purchase) => purchase.kind === 'placed');
  const refused = purchases.filter((purchase) => purchase.kind === 'refused');
  const failed = purchases.filter((purchase) => purchase.kind === 'failed');
  return [
    `seed ${options.seed}, ${options.seconds} s, ${options.buyers} buyers`,
    '',
    `harm: ${tally(harms.map(({ what, whom }) => `${what} ${whom}`))}`,
    `orders: ${placed.length} placed, ${refused.length} refused (${tally(refused.map(({ code }) => code))}), ${count(purchases, 'unanswered')} unanswered`,
    `carts that could not be filled: ${failed.length} (${tally(failed.map(({ reason }) => reason.slice(0, 80)))})`,
    `staff: ${staff.shipped} shipped, ${staff.cancelled} called off, ${staff.captured} captured, ${staff.refunded} refunded, ${staff.returned} steps of returns, ${staff.failed} attempts failed`,
    `an order was answered after ${latencies(placed.map(({ ms }) => ms))}`,
    `at rest after ${(settledMs / 1_000).toFixed(1)} s`,
    '',
    findingsTable(findings),
  ].join('\n');
}

function count(purchases: readonly Purchase[], kind: Purchase['kind']): number {
  return purchases.filter((purchase) => purchase.kind === kind).length;
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([name, n]) => `${n} × ${name}`).join(', ') || 'none';
}

function latencies(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
}
