import type { Tx } from '../../data/database.ts';
import { placementId } from '../../domain/run-ids.ts';

/**
 * The run that waits for the authorisation with a key. Null when none does: the answer came at once, the order was given up, or the key is
 * not one of ours.
 */
export async function waitingRunOf(tx: Tx, key: string): Promise<string | null> {
  const operation = await tx.paymentOperation.findUnique({
    where: { key, kind: 'AUTHORIZE', payment: { order: { status: { in: ['PENDING', 'AWAITING_PAYMENT'] } } } },
    select: { status: true, payment: { select: { orderId: true } } },
  });
  const isOpen = operation !== null && operation.status !== 'SUCCEEDED' && operation.status !== 'FAILED';
  return isOpen ? placementId(operation.payment.orderId) : null;
}
