import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { findPayments } from '../../data/payment-rows.ts';
import type { Deps } from '../deps.ts';
import { completeMove, intendMove } from '../payments/move-money.ts';
import { voidPayments } from '../payments/void-payments.ts';

/** Gives back whatever an order holds or has taken. Safe to repeat. @throws Error while an outcome is unknown: try again. */
export async function giveBackMoney(deps: Deps, orderId: string): Promise<void> {
  await voidPayments(deps, orderId);
  for (const { id, capturedMinor, refundedMinor } of await findPayments(deps.db, [orderId])) {
    const key = `${id}:cancel-refund`;
    const amountMinor = capturedMinor - refundedMinor;
    const known = await deps.db.paymentOperation.findUnique({ where: { key } });
    if (!known && amountMinor <= 0) continue;
    const detail = { actor: 'system', reason: 'the order was called off' };
    await withTx(deps.db, (tx: Tx) => intendMove(tx, { key, paymentId: id, kind: 'REFUND', amountMinor, detail }));
    await completeMove(deps, key);
  }
}
