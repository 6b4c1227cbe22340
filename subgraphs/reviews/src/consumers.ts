import { withTx } from '@app/database';
import { type ConsumerDefinition, type EventEnvelope, handlersOf, type Transactor } from '@app/events';
import { OrderDelivered, OrderRefunded } from '@app/events/catalogue/order.events';
import type { Database, Tx } from './data/client.ts';
import { productTag, userTag } from './domain/cache-tags.ts';
import { AuthorHandlers } from './handlers/author.handlers.ts';
import { PurchaseHandlers } from './handlers/purchase.handlers.ts';

/** Everything reviews learns from others. The names are lasting: inbox, offsets and dead letters are kept under them. */
export function consumersOf(db: Database): readonly ConsumerDefinition<Tx>[] {
  const transaction: Transactor<Tx> = (work) => withTx(db, (tx: Tx) => work(tx));
  return [
    { name: 'reviews.purchases', sources: ['orders'], subscriptions: handlersOf<Tx>(new PurchaseHandlers()), transaction },
    { name: 'reviews.authors', sources: ['accounts'], subscriptions: handlersOf<Tx>(new AuthorHandlers()), transaction },
  ];
}

/** What an event that was handled may have changed, as tags; none of them: everything. */
export function tagsOfEvent(event: EventEnvelope): readonly string[] {
  if (event.source === 'accounts') return [userTag(event.subject)];
  const orders = [OrderDelivered, OrderRefunded].find(({ type }) => type === event.type);
  if (orders === undefined) return [];
  const { buyerId, lines } = orders.read(event).data;
  return [...lines.map(({ productId }) => productTag(productId)), ...(buyerId === null ? [] : [userTag(buyerId)])];
}
