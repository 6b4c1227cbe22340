import { isId, withTx } from '@app/database';
import { AppError } from '@app/errors';
import { publishBatch } from '@app/events';
import { StockDepleted, StockLow } from '@app/events/catalogue/stock.events';
import type { Tx } from '../data/client.ts';
import { isReleased, markReleased } from '../data/released-orders.ts';
import {
  allocateHold,
  extendHold,
  findLapsedOrders,
  findReserved,
  lockOrder,
  type ReservedLine,
  releaseUnits,
  reserveUnits,
} from '../data/reservations.ts';
import { crossedDown, isSeenChange } from '../domain/availability.ts';
import { sumLines, type UnitLine } from '../domain/order-lines.ts';
import type { ProductsApp } from './ports.ts';

/** Everything is held, or nothing is and this is what is missing. */
export type Reservation = { readonly kind: 'reserved' } | { readonly kind: 'short'; readonly shortages: readonly Shortage[] };

export interface Shortage {
  readonly variantId: string;
  readonly requested: number;
  /** Units that could be had now. */
  readonly available: number;
}

/** Longest hold that can be asked for, in seconds. */
const maxTtlSeconds = 7 * 86_400;

/**
 * Holds stock for all lines of an order until `ttlSeconds` from now, or for none. Repeating it with the same lines extends
 * the hold; an allocated order stays as it is.
 * @throws {AppError} BAD_USER_INPUT on malformed arguments, when the order holds other lines, or when it was released: whoever asks that late
 * comes from before its end, and nobody would give back what they took.
 */
export async function reserve(
  app: ProductsApp,
  { orderId, lines, ttlSeconds }: { readonly orderId: string; readonly lines: readonly UnitLine[]; readonly ttlSeconds: number },
): Promise<Reservation> {
  checkOrderId(orderId);
  const wanted = sumLines(lines, (id) => isId('var', id));
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > maxTtlSeconds) {
    throw new AppError('BAD_USER_INPUT', `ttlSeconds must be a whole number from 1 to ${maxTtlSeconds}.`);
  }
  const expiresAt = new Date(app.now().getTime() + ttlSeconds * 1000);
  const decided = await withTx(app.db, async (tx: Tx) => {
    await lockOrder(tx, orderId);
    const held = await findReserved(tx, orderId);
    if (held.length > 0) {
      if (!isSame(held, wanted)) throw new AppError('BAD_USER_INPUT', 'This order holds other lines already.');
      await extendHold(tx, orderId, expiresAt);
      return [];
    }
    if (await isReleased(tx, orderId)) throw new AppError('BAD_USER_INPUT', 'This order was released: it takes nothing any more.');
    const reserved = await reserveUnits(tx, { orderId, lines: wanted, expiresAt });
    await publishBatch(tx, reserved.flatMap(stockEvent));
    return reserved;
  });
  const isShort = decided.some(({ isReserved }) => !isReserved);
  if (!isShort) {
    await tellTaken(app, decided);
    return { kind: 'reserved' };
  }
  return { kind: 'short', shortages: decided.filter(({ available, requested }) => available < requested) };
}

/** Gives back all that an order holds or owns, for good; false when that was nothing. */
export async function release(app: ProductsApp, orderId: string): Promise<boolean> {
  checkOrderId(orderId);
  const productIds = await withTx(app.db, async (tx: Tx) => {
    await lockOrder(tx, orderId);
    await markReleased(tx, orderId, app.now());
    return releaseUnits(tx, orderId);
  });
  await tellGivenBack(app, productIds);
  return productIds.length > 0;
}

/** Turns a hold into an allocation that does not expire; false when there is no hold to turn. */
export async function commit({ db }: ProductsApp, orderId: string): Promise<boolean> {
  checkOrderId(orderId);
  return withTx(db, async (tx: Tx) => {
    await lockOrder(tx, orderId);
    return allocateHold(tx, orderId);
  });
}

/** Gives back holds that lapsed, order by order, at most `limit` orders; answers how many. */
export async function releaseLapsed(app: ProductsApp, limit = 200): Promise<number> {
  const at = app.now();
  const orders = await findLapsedOrders(app.db, at, limit);
  for (const orderId of orders) {
    const productIds = await withTx(app.db, async (tx: Tx) => {
      await lockOrder(tx, orderId);
      return releaseUnits(tx, orderId, at);
    });
    await tellGivenBack(app, productIds);
  }
  return orders.length;
}

/** Most sales change nothing that the public sees: caches are told of those that do, and of lists when something may be sold out. */
async function tellTaken({ catalogueChanged }: ProductsApp, lines: readonly ReservedLine[]): Promise<void> {
  const seen = lines.filter(({ available, requested }) => isSeenChange(available, available - requested));
  if (seen.length === 0) return;
  const isSoldOut = seen.some(({ available, requested }) => available <= requested);
  await catalogueChanged({ productIds: seen.flatMap(({ productId }) => productId ?? []), facts: isSoldOut ? ['stock'] : [] });
}

async function tellGivenBack({ catalogueChanged }: ProductsApp, productIds: readonly string[]): Promise<void> {
  if (productIds.length > 0) await catalogueChanged({ productIds, facts: ['stock'] });
}

/** @throws {AppError} BAD_USER_INPUT when it is not the id of an order. */
export function checkOrderId(orderId: string): void {
  if (!isId('ord', orderId)) throw new AppError('BAD_USER_INPUT', 'orderId must be the id of an order.');
}

function isSame(left: readonly UnitLine[], right: readonly UnitLine[]): boolean {
  const units = new Map(left.map(({ variantId, quantity }) => [variantId, quantity]));
  return left.length === right.length && right.every(({ variantId, quantity }) => units.get(variantId) === quantity);
}

/** What others learn when a reservation takes a variant below a threshold. */
function stockEvent({ variantId, productId, requested, available, isReserved }: ReservedLine) {
  const crossed = isReserved && productId !== null ? crossedDown(available, available - requested) : null;
  if (crossed === null || productId === null) return [];
  const level = { variantId, productId, available: available - requested };
  return [crossed === 'depleted' ? StockDepleted.create(variantId, level) : StockLow.create(variantId, level)];
}
