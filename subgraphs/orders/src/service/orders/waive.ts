import type { Tx } from '../../data/database.ts';
import type { PaymentRow } from '../../data/payment-rows.ts';

/**
 * Of what is held an amount is not taken any more. The order counts as changed: whoever looks for holds that nothing needs looks at orders that
 * changed lately. Call it under the order's lock.
 */
export async function waive(tx: Tx, { id, orderId }: PaymentRow, amountMinor: number): Promise<void> {
  if (amountMinor === 0) return;
  await tx.payment.update({ where: { id }, data: { waivedMinor: { increment: amountMinor } } });
  await tx.order.update({ where: { id: orderId }, data: { version: { increment: 1 } } });
}
