import { isId, withTx } from '@app/database';
import { AppError } from '@app/errors';
import type { Tx } from '../data/client.ts';
import { lockOrder } from '../data/reservations.ts';
import { isMoved, type Move, restockUnits, shipUnits } from '../data/stock-movements.ts';
import { findVariants } from '../data/variants.ts';
import { sumLines } from '../domain/order-lines.ts';
import { productStatuses } from '../domain/product.ts';
import type { ProductsApp } from './ports.ts';
import { checkOrderId } from './reserve-stock.ts';

/**
 * Takes shipped units of an order's allocation out of stock, all lines or none; the same shipment moves them once.
 * False when the order does not own all of these units.
 */
export async function ship({ db }: ProductsApp, move: Move): Promise<boolean> {
  const checked = checkMove(move);
  return withTx(db, async (tx: Tx) => {
    await lockOrder(tx, checked.orderId);
    return (await isMoved(tx, 'SHIPMENT', checked.sourceId)) || shipUnits(tx, checked);
  });
}

/** Puts returned units back into stock; the same source does so once. */
export async function restock({ db, catalogueChanged }: ProductsApp, move: Move): Promise<void> {
  const checked = checkMove(move);
  await withTx(db, async (tx: Tx) => {
    await lockOrder(tx, checked.orderId);
    if (await isMoved(tx, 'RESTOCK', checked.sourceId)) return;
    const found = await restockUnits(tx, checked);
    if (found < checked.lines.length) throw new AppError('BAD_USER_INPUT', 'A variant is not kept in stock anywhere.');
  });
  const variantIds = checked.lines.map(({ variantId }) => variantId);
  const variants = await findVariants(db, variantIds, productStatuses);
  await catalogueChanged({ productIds: variants.map(({ productId }) => productId), facts: ['stock'] });
}

function checkMove({ orderId, sourceId, lines }: Move): Move {
  checkOrderId(orderId);
  if (!/^[\x21-\x7e]{1,100}$/.test(sourceId))
    throw new AppError('BAD_USER_INPUT', 'The key of the movement must be 1 to 100 visible ASCII characters.');
  return { orderId, sourceId, lines: sumLines(lines, (id) => isId('var', id)) };
}
