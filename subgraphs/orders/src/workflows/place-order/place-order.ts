import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { finishKey } from '../../service/idempotency.ts';
import { publishRejected } from '../../service/orders/order-events.ts';
import { giveUsesBack } from '../../service/orders/redeem-promotions.ts';
import { defineOrderWorkflow, type OrderContext, type OrderRefusal } from '../workflow.ts';
import { authorizePayment } from './authorize-payment.ts';
import { claimPromotions } from './claim-promotions.ts';
import { commitStock } from './commit-stock.ts';
import { confirmOrder } from './confirm-order.ts';
import { reserveStock } from './reserve-stock.ts';

/** Placing an order, from PENDING to CONFIRMED, or to REJECTED or EXPIRED with nothing held and nothing charged. */
export const placeOrder = defineOrderWorkflow({
  name: 'place-order',
  version: 1,
  steps: [reserveStock, claimPromotions, authorizePayment, confirmOrder, commitStock],
  pivot: confirmOrder.name,
  patience: {
    ms: 10 * 60_000,
    refusal: { reason: 'SERVICE_UNAVAILABLE', message: 'A service that is needed could not be reached.' },
  },
  onRefused: reject,
});

async function reject({ deps, subject: orderId, input }: OrderContext, refusal: OrderRefusal): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    const order = await loadOrder(tx, orderId);
    const isExpiry = refusal.reason === 'PAYMENT_TIMEOUT' && order.status === 'AWAITING_PAYMENT';
    const failureReason = refusal.reason === 'CANCELLED' ? null : refusal.reason;
    const { count } = await tx.order.updateMany({
      where: { id: orderId, status: { in: ['PENDING', 'AWAITING_PAYMENT'] } },
      data: { status: isExpiry ? 'EXPIRED' : 'REJECTED', failureReason, version: { increment: 1 } },
    });
    if (input.keyId !== undefined) await finishKey(tx, input.keyId);
    // Whoever ended the order before opened its cart, which may make another order by now.
    if (count === 0) return;
    await tx.cart.updateMany({ where: { id: order.cartId ?? '', status: 'CHECKING_OUT' }, data: { status: 'OPEN' } });
    // What somebody claimed who slept until the claim had been undone; from here on nobody claims for this order.
    await giveUsesBack(tx, orderId);
    await addEntry(tx, orderId, { kind: isExpiry ? 'EXPIRED' : 'REJECTED', message: refusal.message, actor: 'system' });
    await publishRejected(tx, order, refusal.reason);
  });
}
