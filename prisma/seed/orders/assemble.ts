import { shelfPrice } from '../catalogue/prices.ts';
import type { SeedCurrency } from '../catalogue/rows.ts';
import { HOUR_MS, plus, SEED_NOW } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { PostalAddressRow } from '../people/rows.ts';
import { historyOf } from './history.ts';
import { paymentOf } from './payments.ts';
import type {
  FailureReason,
  FulfillmentRow,
  FulfillmentStatus,
  OrderLineRow,
  OrderRow,
  OrderStatus,
  ReturnRow,
  ShippingMethod,
} from './rows.ts';
import { isDelivered, type Scenario } from './scenario.ts';
import { fulfillmentsOf, type PlacedLine, returnsOf } from './shipping.ts';
import type { PricedLine } from './totals.ts';

export interface OrderFacts {
  readonly key: string;
  readonly id: string;
  readonly cartId: string;
  readonly sequence: number;
  readonly random: Random;
  readonly scenario: Scenario;
  readonly placedAt: Date;
  readonly buyerId: string | null;
  readonly email: string;
  readonly currency: SeedCurrency;
  readonly address: PostalAddressRow;
  readonly promotionCode: string | null;
  readonly shippingMethod: ShippingMethod;
  readonly lines: readonly PricedLine[];
}

/** Everything about an order that follows from who bought what and how its life went. */
export function assembleOrder(facts: OrderFacts): OrderRow {
  const { key, scenario, placedAt, random } = facts;
  const lines: PlacedLine[] = facts.lines.map((line, index) => ({ ...line, id: seedId('oli', `${key}/${index}`, placedAt) }));
  const money = totals(facts);
  const fulfillments = fulfillmentsOf({ key, random, scenario, placedAt, lines });
  const deliveredAt = isDelivered(scenario)
    ? latest(
        fulfillments.flatMap(({ deliveredAt }) => (deliveredAt ? [deliveredAt] : [])),
        placedAt,
      )
    : null;
  const returns = returnsOf({ key, random, scenario, placedAt, lines }, deliveredAt);
  const cancelledAt = scenario === 'cancelled' ? plus(placedAt, (0.5 + random.next() * 5) * HOUR_MS) : null;
  const payment = paymentOf({
    key,
    scenario,
    placedAt,
    total: money.total,
    captures: captures(fulfillments, lines, money),
    refund: refundOf(returns),
    cancelledAt,
  });
  const rows = lines.map((line, position) => lineRow(line, { position, fulfillments, returns }));
  const history = historyOf({
    key,
    placedAt,
    buyer: facts.buyerId ?? 'guest',
    payment,
    fulfillments,
    returns,
    closing: closing(facts, cancelledAt),
  });
  return {
    id: facts.id,
    cartId: facts.cartId,
    sequence: facts.sequence,
    buyerId: facts.buyerId,
    email: facts.email,
    currency: facts.currency,
    status: orderStatus(scenario),
    paymentStatus: payment?.status ?? 'NONE',
    fulfillmentStatus: fulfillmentStatus(rows),
    failureReason: failureReason(scenario),
    shippingAddress: facts.address,
    shippingMethod: facts.shippingMethod,
    promotionCode: facts.promotionCode,
    ...money,
    lines: rows,
    payment,
    fulfillments,
    returns,
    history,
    placedAt,
    updatedAt: latest([...history.map(({ at }) => at), ...(payment?.events.map(({ at }) => at) ?? [])], placedAt),
  };
}

type Totals = Pick<OrderRow, 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total'>;

function totals({ lines, shippingMethod, currency }: OrderFacts): Totals {
  const sum = (amountOf: (line: PricedLine) => number): number => lines.reduce((total, line) => total + amountOf(line), 0);
  const shipping = shelfPrice(shippingMethod.code === 'express' ? 13 : 5, currency);
  return {
    subtotal: sum(({ unitPrice, quantity }) => unitPrice * quantity),
    discount: sum(({ discount }) => discount),
    shipping,
    tax: sum(({ tax }) => tax),
    total: sum(({ total }) => total) + shipping,
  };
}

/** Money is captured with each parcel: its share of the lines, and the postage with the first. */
function captures(
  fulfillments: readonly FulfillmentRow[],
  lines: readonly PlacedLine[],
  { shipping, total }: Totals,
): { amount: number; at: Date }[] {
  let left = total;
  return fulfillments.map((parcel, index) => {
    const isLast =
      index === fulfillments.length - 1 && shippedUnits(fulfillments) === lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const goods = parcel.lines.reduce((sum, { lineId, quantity }) => {
      const line = lines.find(({ id }) => id === lineId);
      return line ? sum + Math.floor((line.total * quantity) / line.quantity) : sum;
    }, 0);
    const amount = isLast ? left : goods + (index === 0 ? shipping : 0);
    left -= amount;
    return { amount, at: parcel.shippedAt };
  });
}

function shippedUnits(fulfillments: readonly FulfillmentRow[]): number {
  return fulfillments.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0);
}

function refundOf(returns: readonly ReturnRow[]): { amount: number; at: Date } | null {
  const refunded = returns.find(({ status }) => status === 'REFUNDED');
  if (refunded?.refund === undefined || refunded.refund === null) return null;
  const at = Math.min(refunded.requestedAt.getTime() + 72 * HOUR_MS, SEED_NOW.getTime() - HOUR_MS / 4);
  return { amount: refunded.refund, at: new Date(at) };
}

function lineRow(
  line: PlacedLine,
  { position, fulfillments, returns }: { position: number; fulfillments: readonly FulfillmentRow[]; returns: readonly ReturnRow[] },
): OrderLineRow {
  const { variant, productId, title, quantity, unitPrice, discount, taxRate, tax, total } = line;
  const count = (rows: readonly { lineId: string; quantity: number }[]): number =>
    rows.filter(({ lineId }) => lineId === line.id).reduce((sum, row) => sum + row.quantity, 0);
  return {
    id: line.id,
    position,
    productId,
    variantId: variant.id,
    sku: variant.sku,
    title,
    quantity,
    weightGrams: variant.weightGrams,
    taxCategory: variant.taxCategory,
    taxRate,
    unitPrice,
    discount,
    tax,
    total,
    fulfilledQuantity: count(fulfillments.flatMap(({ lines }) => lines)),
    returnedQuantity: count(returns.filter(({ status }) => status === 'RECEIVED' || status === 'REFUNDED').flatMap(({ lines }) => lines)),
  };
}

function closing(
  { scenario, placedAt, buyerId }: OrderFacts,
  cancelledAt: Date | null,
): { kind: string; message: string; actor: string; at: Date } | null {
  if (cancelledAt)
    return { kind: 'ORDER_CANCELLED', message: 'Order cancelled by the customer', actor: buyerId ?? 'guest', at: plus(cancelledAt, 1_000) };
  if (scenario === 'declined')
    return { kind: 'ORDER_REJECTED', message: 'The payment was declined', actor: 'system', at: plus(placedAt, 1_400) };
  if (scenario === 'outOfStock')
    return { kind: 'ORDER_REJECTED', message: 'An item sold out before the order was confirmed', actor: 'system', at: plus(placedAt, 300) };
  if (scenario === 'expired')
    return {
      kind: 'ORDER_EXPIRED',
      message: 'The payment was not confirmed in time',
      actor: 'system',
      at: plus(placedAt, HOUR_MS / 4 + 500),
    };
  return null;
}

function orderStatus(scenario: Scenario): OrderStatus {
  if (isDelivered(scenario)) return 'COMPLETED';
  switch (scenario) {
    case 'pending':
      return 'PENDING';
    case 'awaitingPayment':
      return 'AWAITING_PAYMENT';
    case 'cancelled':
      return 'CANCELLED';
    case 'expired':
      return 'EXPIRED';
    case 'declined':
    case 'outOfStock':
      return 'REJECTED';
    default:
      return 'CONFIRMED';
  }
}

/** Counted from the lines, so that the word and the numbers cannot disagree. */
function fulfillmentStatus(lines: readonly OrderLineRow[]): FulfillmentStatus {
  const count = (unitsOf: (line: OrderLineRow) => number): number => lines.reduce((sum, line) => sum + unitsOf(line), 0);
  const ordered = count(({ quantity }) => quantity);
  const shipped = count(({ fulfilledQuantity }) => fulfilledQuantity);
  const returned = count(({ returnedQuantity }) => returnedQuantity);
  if (returned > 0) return returned === ordered ? 'RETURNED' : 'PARTIALLY_RETURNED';
  if (shipped === 0) return 'UNFULFILLED';
  return shipped === ordered ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}

function failureReason(scenario: Scenario): FailureReason | null {
  if (scenario === 'declined') return 'PAYMENT_DECLINED';
  if (scenario === 'outOfStock') return 'OUT_OF_STOCK';
  return scenario === 'expired' ? 'PAYMENT_TIMEOUT' : null;
}

function latest(dates: readonly Date[], otherwise: Date): Date {
  return new Date(Math.max(otherwise.getTime(), ...dates.map((date) => date.getTime())));
}
