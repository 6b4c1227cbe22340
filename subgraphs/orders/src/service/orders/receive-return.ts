import { withTx } from '@app/database';
import { minor, type Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findReturns, type ReturnRow } from '../../data/order-parts.ts';
import { findOrderLines, type OrderLineRow } from '../../data/order-rows.ts';
import { amountDue } from '../../domain/amount-due.ts';
import type { Deps } from '../deps.ts';
import { completeMove, intendMove } from '../payments/move-money.ts';
import { lockOrder } from './lock-order.ts';
import { capturableOf, isLive, refundableOf } from './order-state.ts';
import { waive } from './waive.ts';

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
 * Refunds what was decided for a return, or what other refunds have left of it. What of it was not even taken yet is not taken any more. Nothing
 * to refund ends the return at once. @throws Error while an outcome is unknown: try again.
 */
export async function refundReturn(deps: Deps, orderId: string, received: ReceivedReturn): Promise<void> {
  const key = `${received.return.id}:refund`;
  if (await withTx(deps.db, (tx: Tx) => intendRefund(tx, orderId, key, received.return.id))) await completeMove(deps, key);
}

/** False: the return ended without one. */
async function intendRefund(tx: Tx, orderId: string, key: string, id: string): Promise<boolean> {
  const { order, lines, payments } = await lockOrder(tx, orderId);
  if (await tx.paymentOperation.findUnique({ where: { key } })) return true;
  const { refundMinor, status } = await tx.return.findUniqueOrThrow({ where: { id } });
  if (status !== 'RECEIVED') return false;
  const wanted = minor(refundMinor ?? 0n);
  const payment = payments.find(({ capturedMinor }) => capturedMinor > 0) ?? payments.find(isLive);
  if (payment === undefined) return endWithoutMoney(tx, orderId, id);
  const left = refundableOf(payment);
  if (left < wanted && payment.capturePendingMinor + payment.refundPendingMinor > 0)
    throw new Error(`another capture or refund of the payment ${payment.id} is under way`);
  const amountMinor = Math.min(wanted, left);
  await waive(tx, payment, Math.min(wanted - amountMinor, capturableOf(payment, amountDue(order, lines))));
  if (amountMinor === 0) return endWithoutMoney(tx, orderId, id);
  const move = { key, paymentId: payment.id, kind: 'REFUND', amountMinor, detail: { actor: 'system', returnId: id } } as const;
  if (!(await intendMove(tx, move))) throw new Error(`less than the ${amountMinor} of the refund ${key} stays taken by now`);
  return true;
}

async function endWithoutMoney(tx: Tx, orderId: string, id: string): Promise<false> {
  await tx.return.update({ where: { id }, data: { status: 'REFUNDED' } });
  await addEntry(tx, orderId, { kind: 'RETURN_REFUNDED', message: 'The return ended without a refund.', actor: 'system' });
  return false;
}
