import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { OrderCancelled, OrderConfirmed, OrderRefunded, OrderRestCancelled } from '@app/events/catalogue/order.events';
import type { Deps } from '../service/deps.ts';
import { type OrderNews, postOrderMail } from '../service/mails/post-order-mail.ts';
import type { Tx } from '../service/transaction.ts';

/** Older news is not mailed: a replay, or a consumer that is new to an old installation, must not write to everybody. */
const freshForMs = 2 * 24 * 60 * 60_000;

/** Orders' own events: what buyers are told by mail. */
export class OrderMailHandlers {
  constructor(private readonly deps: Pick<Deps, 'guestKey' | 'publicUrl' | 'now'>) {}

  @EventHandler(OrderConfirmed)
  onConfirmed(event: ReceivedEvent<DataOf<typeof OrderConfirmed>>, tx: Tx): Promise<void> {
    return this.tell(event, tx, { kind: 'ORDER_CONFIRMED' });
  }

  @EventHandler(OrderCancelled)
  onCancelled(event: ReceivedEvent<DataOf<typeof OrderCancelled>>, tx: Tx): Promise<void> {
    return this.tell(event, tx, { kind: 'ORDER_CANCELLED' });
  }

  @EventHandler(OrderRestCancelled)
  onRestCancelled(event: ReceivedEvent<DataOf<typeof OrderRestCancelled>>, tx: Tx): Promise<void> {
    return this.tell(event, tx, { kind: 'ORDER_REST_CANCELLED' });
  }

  @EventHandler(OrderRefunded)
  onRefunded(event: ReceivedEvent<DataOf<typeof OrderRefunded>>, tx: Tx): Promise<void> {
    return this.tell(event, tx, { kind: 'ORDER_REFUNDED', amountMinor: event.data.amount.minor });
  }

  private async tell(
    { id, time, data }: ReceivedEvent<{ readonly orderId: string }>,
    tx: Tx,
    news: Pick<OrderNews, 'kind' | 'amountMinor'>,
  ): Promise<void> {
    if (this.deps.now().getTime() - new Date(time).getTime() > freshForMs) return;
    await postOrderMail(tx, this.deps, { ...news, eventId: id, orderId: data.orderId });
  }
}
