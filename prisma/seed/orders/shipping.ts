import { DAY_MS, earlier, HOUR_MS, plus, SEED_NOW } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { FulfillmentRow, ReturnReason, ReturnRow, ReturnStatus } from './rows.ts';
import { isDelivered, type Scenario } from './scenario.ts';
import type { PricedLine } from './totals.ts';

/** A priced line with its id. */
export interface PlacedLine extends PricedLine {
  readonly id: string;
}

export interface ShippingFacts {
  readonly key: string;
  readonly random: Random;
  readonly scenario: Scenario;
  readonly placedAt: Date;
  readonly lines: readonly PlacedLine[];
}

const carriers = ['DHL', 'PostNL', 'UPS'] as const;

/** The parcels of an order: none, one, or two when a part went ahead of the rest. */
export function fulfillmentsOf(facts: ShippingFacts): FulfillmentRow[] {
  const { scenario, lines } = facts;
  if (scenario === 'partlyShipped') return [parcel(facts, 0, firstPart(lines))];
  if (scenario !== 'shipped' && !isDelivered(scenario)) return [];
  const all = lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
  if (lines.length < 3 || facts.random.chance(0.8)) return [parcel(facts, 0, all)];
  return [parcel(facts, 0, all.slice(0, -1)), parcel(facts, 1, all.slice(-1))];
}

/** About half of the lines, or half the quantity of a single line. */
function firstPart(lines: readonly PlacedLine[]): { lineId: string; quantity: number }[] {
  const chosen = lines.slice(0, Math.max(1, Math.floor(lines.length / 2)));
  return chosen.map(({ id, quantity }) => ({
    lineId: id,
    quantity: lines.length === 1 ? Math.max(1, Math.floor(quantity / 2)) : quantity,
  }));
}

function parcel({ key, random, scenario, placedAt }: ShippingFacts, index: number, lines: FulfillmentRow['lines']): FulfillmentRow {
  const shippedAt = earlier(plus(placedAt, (index + 0.4 + random.next()) * DAY_MS), plus(SEED_NOW, -2 * HOUR_MS));
  const arrivedAt = earlier(plus(shippedAt, (1 + random.next() * 3) * DAY_MS), plus(SEED_NOW, -HOUR_MS));
  const deliveredAt = isDelivered(scenario) ? arrivedAt : null;
  const carrier = random.pick(carriers);
  const trackingNumber = `${carrier.slice(0, 2).toUpperCase()}${String(random.int(0, 9_999_999_999)).padStart(10, '0')}`;
  return {
    id: seedId('ful', `${key}/${index}`, shippedAt),
    status: deliveredAt ? 'DELIVERED' : 'SHIPPED',
    carrier,
    trackingNumber,
    trackingUrl: `https://track.example.com/${trackingNumber}`,
    shippedAt,
    deliveredAt,
    lines,
  };
}

const returnStatus: Partial<Record<Scenario, ReturnStatus>> = {
  returnRequested: 'REQUESTED',
  returnApproved: 'APPROVED',
  returnRejected: 'REJECTED',
  returnReceived: 'RECEIVED',
  partlyRefunded: 'REFUNDED',
  refunded: 'REFUNDED',
};

const reasons: readonly (readonly [ReturnReason, number])[] = [
  ['CHANGED_MIND', 40],
  ['NOT_AS_DESCRIBED', 25],
  ['DAMAGED', 20],
  ['WRONG_ITEM', 10],
  ['OTHER', 5],
];

/** The return of an order whose scenario has one: everything when refunded in full, otherwise its first line. */
export function returnsOf({ key, random, scenario, lines }: ShippingFacts, deliveredAt: Date | null): ReturnRow[] {
  const status = returnStatus[scenario];
  if (!status || !deliveredAt) return [];
  const requestedAt = earlier(plus(deliveredAt, (0.5 + random.next() * 4) * DAY_MS), plus(SEED_NOW, -HOUR_MS / 2));
  const reason = random.weighted(reasons);
  const sentBack = scenario === 'refunded' ? lines : lines.slice(0, 1);
  return [
    {
      id: seedId('ret', key, requestedAt),
      status,
      requestedAt,
      refund: status === 'REFUNDED' ? sentBack.reduce((sum, { total }) => sum + total, 0) : null,
      lines: sentBack.map(({ id, quantity }) => ({ lineId: id, quantity, reason })),
    },
  ];
}
