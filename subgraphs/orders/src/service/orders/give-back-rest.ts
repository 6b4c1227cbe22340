import { withTx } from '@app/database';
import { minor, type Tx } from '../../data/database.ts';
import { readJson } from '../../data/json.ts';
import { findOrderLines, loadOrder } from '../../data/order-rows.ts';
import { findPayments } from '../../data/payment-rows.ts';
import { amountDue } from '../../domain/amount-due.ts';
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
  const dueMinor = amountDue(order, lines) - payment.waivedMinor - (await refundedForGoods(tx, payment.id));
  // More than its goods cost may have been refunded for a return: then nothing is due, and nothing more than what was kept goes back.
  const amountMinor = keptMinor - Math.max(0, dueMinor);
  if (amountMinor <= 0) return false;
  const detail = { actor: 'system', reason: 'what was not sent was called off' };
  return intendMove(tx, { key, paymentId: payment.id, kind: 'REFUND', amountMinor, detail });
}

async function refundedForGoods(tx: Tx, paymentId: string): Promise<number> {
  const refunds = await tx.paymentOperation.findMany({ where: { paymentId, kind: 'REFUND', status: 'SUCCEEDED' } });
  return refunds.reduce((sum, { amountMinor, detail }) => sum + shareOfGoods(minor(amountMinor), readJson<MoveDetail>(detail)), 0);
}

/** All of a return's refund: staff decides what a return is worth. Of one by hand at most what the pieces cost that it took back. */
function shareOfGoods(amountMinor: number, detail: MoveDetail | null): number {
  return detail?.returnId === undefined ? Math.min(amountMinor, detail?.takenBackMinor ?? 0) : amountMinor;
}
