import { withTx } from '@app/database';
import { minor, type Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findReturns, type ReturnRow } from '../../data/order-parts.ts';
import { findOrderLines, type OrderLineRow } from '../../data/order-rows.ts';
import type { Deps } from '../deps.ts';
import { completeMove, intendMove } from '../payments/move-money.ts';
import { lockOrder } from './lock-order.ts';

/** A return with the lines that came back, each with the quantity that did. */
export interface ReceivedReturn {
  readonly return: ReturnRow;
  readonly lines: readonly OrderLineRow[];
}

/** @throws Error when it is gone, which nothing does. */
export async function loadReturn(deps: Deps, orderId: string, returnId: string): Promise<ReceivedReturn> {
  const [returns, lines] = await Promise.all([findReturns(deps.db, [orderId]), findOrderLines(deps.db, [orderId])]);
  const found = returns.find(({ id }) => id === returnId);
  if (!found) throw new Error(`return ${returnId} is gone`);
  const content = found.lines.flatMap(({ orderLineId, quantity }) => {
    const line = lines.find(({ id }) => id === orderLineId);
    return line ? [{ ...line, quantity }] : [];
  });
  return { return: found, lines: content };
}

/**
 * Refunds what was decided for a return, or what other refunds have left of it; nothing to refund ends it at once.
 * @throws Error while an outcome is unknown: try again.
 */
export async function refundReturn(deps: Deps, orderId: string, received: ReceivedReturn): Promise<void> {
  const key = `${received.return.id}:refund`;
  const isKnown = (await deps.db.paymentOperation.findUnique({ where: { key } })) !== null;
  if (isKnown || (await withTx(deps.db, (tx: Tx) => intendRefund(tx, orderId, key, received.return)))) await completeMove(deps, key);
  else await endWithoutMoney(deps, orderId, received.return.id);
}

/** False: there is nothing to refund. */
async function intendRefund(tx: Tx, orderId: string, key: string, { id, refundMinor }: ReturnRow): Promise<boolean> {
  const { payments } = await lockOrder(tx, orderId);
  const wanted = minor(refundMinor ?? 0n);
  const payment = payments.find(({ capturedMinor }) => capturedMinor > 0);
  if (payment === undefined || wanted === 0) return false;
  const { capturedMinor, refundedMinor, refundPendingMinor } = payment;
  const left = capturedMinor - refundedMinor - refundPendingMinor;
  if (left < wanted && refundPendingMinor > 0) throw new Error(`another refund of the payment ${payment.id} is under way`);
  if (left === 0) return false;
  const detail = { actor: 'system', returnId: id };
  return intendMove(tx, { key, paymentId: payment.id, kind: 'REFUND', amountMinor: Math.min(wanted, left), detail });
}

async function endWithoutMoney(deps: Deps, orderId: string, returnId: string): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.return.updateMany({ where: { id: returnId, status: 'RECEIVED' }, data: { status: 'REFUNDED' } });
    if (count === 1)
      await addEntry(tx, orderId, { kind: 'RETURN_REFUNDED', message: 'The return ended without a refund.', actor: 'system' });
  });
}
