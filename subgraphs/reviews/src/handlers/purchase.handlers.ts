import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { OrderDelivered, OrderRefunded } from '@app/events/catalogue/order.events';
import { recordDelivery, recordRefund } from '../service/projections.ts';
import type { Tx } from '../service/transaction.ts';

/** Orders' events: who may review as a verified buyer. */
export class PurchaseHandlers {
  @EventHandler(OrderDelivered)
  async onDelivered({ data }: ReceivedEvent<DataOf<typeof OrderDelivered>>, tx: Tx): Promise<void> {
    const { orderId, buyerId, lines, deliveredAt } = data;
    // A guest has no account to review with.
    if (buyerId === null) return;
    const facts = { orderId, buyerId, deliveredAt: new Date(deliveredAt) };
    await recordDelivery(
      tx,
      lines.map(({ lineId, productId, quantity }) => ({ ...facts, lineId, productId, quantity })),
    );
  }

  @EventHandler(OrderRefunded)
  async onRefunded({ data }: ReceivedEvent<DataOf<typeof OrderRefunded>>, tx: Tx): Promise<void> {
    const { orderId, buyerId, lines } = data;
    if (buyerId !== null) await recordRefund(tx, { orderId, buyerId, lines });
  }
}
