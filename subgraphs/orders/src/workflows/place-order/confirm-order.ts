import { withTx } from '@app/database';
import { done, refused } from '@app/workflow';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { finishKey } from '../../service/idempotency.ts';
import { publishConfirmed } from '../../service/orders/order-events.ts';
import { callTimeoutMs, type OrderStep } from '../workflow.ts';
import { keepHold } from './reserve-stock.ts';

/** The point of no return, in one transaction: order confirmed, cart ordered, event recorded. */
export const confirmOrder: OrderStep = {
  name: 'confirm-order',
  timeoutMs: callTimeoutMs,
  async run(context) {
    const { deps, subject: orderId, input } = context;
    const held = await keepHold(context);
    if (held.kind === 'refused') return held;
    const isConfirmed = await withTx(deps.db, async (tx: Tx) => {
      const { count } = await tx.order.updateMany({
        where: { id: orderId, status: { in: ['PENDING', 'AWAITING_PAYMENT'] } },
        data: { status: 'CONFIRMED', version: { increment: 1 } },
      });
      const order = await loadOrder(tx, orderId);
      if (count === 0) return order.status === 'CONFIRMED' || order.status === 'COMPLETED';
      await tx.cart.updateMany({ where: { id: order.cartId ?? '', status: 'CHECKING_OUT' }, data: { status: 'ORDERED' } });
      await addEntry(tx, orderId, { kind: 'CONFIRMED', message: 'The order was confirmed.', actor: 'system' });
      await publishConfirmed(tx, order);
      if (input.keyId !== undefined) await finishKey(tx, input.keyId);
      return true;
    });
    return isConfirmed ? done() : refused({ reason: 'CANCELLED', message: 'The order was cancelled.' });
  },
};
