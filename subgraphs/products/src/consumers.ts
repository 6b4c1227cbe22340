import { withTx } from '@app/database';
import { type ConsumerDefinition, type ConsumerSignal, handlersOf, type Transactor } from '@app/events';
import { RatingChanged } from '@app/events/catalogue/rating.events';
import type { Database, Tx } from './data/client.ts';
import { RatingHandlers } from './handlers/rating.handlers.ts';
import { SalesHandlers } from './handlers/sales.handlers.ts';
import type { ProductsApp } from './service/ports.ts';

/** Everything products learns from others. The names are lasting: inbox, offsets and dead letters are kept under them. */
export function consumersOf(db: Database): readonly ConsumerDefinition<Tx>[] {
  const transaction: Transactor<Tx> = (work) => withTx(db, (tx: Tx) => work(tx));
  return [
    { name: 'products.ratings', sources: ['reviews'], subscriptions: handlersOf<Tx>(new RatingHandlers()), transaction },
    { name: 'products.sales', sources: ['orders'], subscriptions: handlersOf<Tx>(new SalesHandlers()), transaction },
  ];
}

/**
 * Tells caches of a rating that has changed, once that is committed. Sales are not told of: only the order of bestsellers
 * depends on them, and every sale would empty the caches of all lists.
 */
export async function announce({ catalogueChanged }: Pick<ProductsApp, 'catalogueChanged'>, signal: ConsumerSignal): Promise<void> {
  if (signal.kind !== 'handled' || signal.event.type !== RatingChanged.type) return;
  await catalogueChanged({ productIds: [signal.event.subject], facts: ['rating'] });
}
