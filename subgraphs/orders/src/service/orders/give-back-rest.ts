import { withTx } from '@app/database';
import { minor, type Tx } from '../../data/database.ts';
import { readJson } from '../../data/json.ts';
import { findOrderLines, loadOrder } from '../../data/order-rows.ts';
import { findPayments } from '../../data/payment-rows.ts';
import { amountDue } from '../../domain/amount-due.ts';
import { type EndedRefund, refundedForGoods } from '../../domain/refunded-for-goods.ts';
import type { Deps } from '../deps.ts';
import { completeMove, intendMove, type MoveDetail } from '../payments/move-money.ts';
import { voidPayments } from '../payments/void-payments.ts';
import { lockOrder } from './lock-order.ts';

/**
 * Once the rest of an order was called off: lets go of what is held beyond what was sent, and refunds what was taken beyond it. Safe to repeat.
 * @throws Error while what was sent is not paid for, because then its money is still held; and while an outcome is unknown: try again.
 */
export async function giveBackRest(deps: Deps, orderId: string): Promise<void> {
  await requirePaid(deps, orderId);
  await voidPayments(deps, orderId);
  const key = `${orderId}:rest-refund`;
  if (await withTx(deps.db, (tx: Tx) => intendRefund(tx, orderId, key))) await completeMove(deps, key);
}

async function requirePaid({ db }: Deps, orderId: string): Promise<void> {
  const [order, lines, payments] = [await loadOrder(db, orderId), await findOrderLines(db, [orderId]), await findPayments(db, [orderId])];
  const missing = amountDue(order, lines) - payments.reduce((sum, { capturedMinor, waivedMinor }) => sum + capturedMinor + waivedMinor, 0);
  if (missing > 0) throw new Error(`${missing} of what was sent could not be taken: take it by hand, then the rest goes back`);
}

/**
 * False: no more stays taken than what was sent and did not come back costs. Refunds by hand count towards that; what gave back the price of
 * returned goods does not.
 */
async function intendRefund(tx: Tx, orderId: string, key: string): Promise<boolean> {
  const { order, lines, payments } = await lockOrder(tx, orderId);
  if (await tx.paymentOperation.findUnique({ where: { key } })) return true;
  const payment = payments.find(({ capturedMinor }) => capturedMinor > 0);
  if (payment === undefined) return false;
  if (payment.refundPendingMinor > 0) throw new Error(`another refund of the payment ${payment.id} is under way`);
  const keptMinor = payment.capturedMinor - payment.refundedMinor;
  const dueMinor = amountDue(order, lines) - payment.waivedMinor - refundedForGoods(await endedRefunds(tx, payment.id));
  // More than its goods cost may have been refunded for a return: then nothing is due, and nothing more than what was kept goes back.
  const amountMinor = keptMinor - Math.max(0, dueMinor);
  if (amountMinor <= 0) return false;
  const detail = { actor: 'system', reason: 'what was not sent was called off' };
  return intendMove(tx, { key, paymentId: payment.id, kind: 'REFUND', amountMinor, detail });
}

async function endedRefunds(tx: Tx, paymentId: string): Promise<EndedRefund[]> {
  const refunds = await tx.paymentOperation.findMany({ where: { paymentId, kind: 'REFUND' } });
  return refunds.map(({ amountMinor, status, detail }) => {
    const { returnId, takenBackMinor = 0 } = readJson<Partial<MoveDetail>>(detail) ?? {};
    return { amountMinor: minor(amountMinor), hasSucceeded: status === 'SUCCEEDED', isOfReturn: returnId !== undefined, takenBackMinor };
  });
}
