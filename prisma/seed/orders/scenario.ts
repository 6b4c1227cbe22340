import { DAY_MS, SEED_NOW } from '../core/calendar.ts';
import type { Random } from '../core/random.ts';

/** How an order's life went. Everything else about its state follows from this. */
export type Scenario =
  | 'pending'
  | 'awaitingPayment'
  | 'confirmed'
  | 'partlyShipped'
  | 'shipped'
  | 'delivered'
  | 'returnRequested'
  | 'returnApproved'
  | 'returnRejected'
  | 'returnReceived'
  | 'partlyRefunded'
  | 'refunded'
  | 'cancelled'
  | 'declined'
  | 'outOfStock'
  | 'expired';

const oldOrders: readonly (readonly [Scenario, number])[] = [
  ['delivered', 82],
  ['partlyRefunded', 3.5],
  ['refunded', 1.5],
  ['returnRejected', 0.5],
  ['cancelled', 6],
  ['declined', 3],
  ['outOfStock', 1],
  ['expired', 2.5],
];
const lastMonth: readonly (readonly [Scenario, number])[] = [
  ['delivered', 80],
  ['returnRequested', 4],
  ['returnApproved', 3],
  ['returnReceived', 2],
  ['partlyRefunded', 2],
  ['cancelled', 5],
  ['declined', 3],
  ['expired', 1],
];
const onTheWay: readonly (readonly [Scenario, number])[] = [
  ['shipped', 55],
  ['partlyShipped', 20],
  ['confirmed', 12],
  ['delivered', 8],
  ['cancelled', 3],
  ['declined', 2],
];
const fresh: readonly (readonly [Scenario, number])[] = [
  ['confirmed', 60],
  ['awaitingPayment', 15],
  ['pending', 10],
  ['partlyShipped', 6],
  ['cancelled', 4],
  ['declined', 3],
  ['outOfStock', 2],
];

/** A life that fits the order's age. */
export function scenarioFor(random: Random, placedAt: Date): Scenario {
  const ageDays = (SEED_NOW.getTime() - placedAt.getTime()) / DAY_MS;
  if (ageDays < 4) return random.weighted(fresh);
  if (ageDays < 10) return random.weighted(onTheWay);
  if (ageDays < 35) return random.weighted(lastMonth);
  return random.weighted(oldOrders);
}

/** True when everything in the order reached the customer. */
export function isDelivered(scenario: Scenario): boolean {
  return ['delivered', 'returnRequested', 'returnApproved', 'returnRejected', 'returnReceived', 'partlyRefunded', 'refunded'].includes(
    scenario,
  );
}
