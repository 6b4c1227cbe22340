import type { Tx } from '../../data/database.ts';
import { findPayments, type PaymentRow } from '../../data/payment-rows.ts';
import { paymentStatus } from '../../domain/payment-status.ts';
import type { PaymentStatus } from '../../domain/statuses.ts';

/** Derives the state of a payment, and that of its order, from the counters. Call it in the transaction that changed them. */
export async function deriveStatus(tx: Tx, orderId: string): Promise<void> {
  const payments = await findPayments(tx, [orderId]);
  for (const payment of payments) {
    const status = statusOf(payment);
    if (status !== payment.status) await tx.payment.update({ where: { id: payment.id }, data: { status } });
  }
  const current = orderPaymentStatus(payments.map(statusOf));
  await tx.order.updateMany({
    where: { id: orderId, paymentStatus: { not: current } },
    data: { paymentStatus: current, version: { increment: 1 } },
  });
}

function statusOf(payment: PaymentRow): PaymentStatus {
  return paymentStatus({
    ...payment,
    isVoided: payment.voidedAt !== null,
    isDeclined: payment.declineCode !== null,
    needsAction: payment.nextActionUrl !== null,
  });
}

/** An order's money is that of its last attempt that came to something. */
function orderPaymentStatus(statuses: readonly PaymentStatus[]): PaymentStatus {
  const alive = statuses.filter((status) => status !== 'NONE' && status !== 'FAILED' && status !== 'VOIDED');
  return alive.at(-1) ?? statuses.filter((status) => status !== 'NONE').at(-1) ?? 'NONE';
}
