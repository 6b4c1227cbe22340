import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { OrderConfirmed } from '@app/events/catalogue/order.events';
import { recordSales, type Tx } from '../service/projections.ts';

/** Orders' events: what sells best. Stock is moved by orders' commands, never by its events: one writer. */
export class SalesHandlers {
  @EventHandler(OrderConfirmed)
  onConfirmed({ data }: ReceivedEvent<DataOf<typeof OrderConfirmed>>, tx: Tx): Promise<void> {
    return recordSales(tx, data.lines);
  }
}
