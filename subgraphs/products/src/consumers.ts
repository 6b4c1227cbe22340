import { withTx } from '@app/database';
import { type ConsumerDefinition, handlersOf, type Transactor } from '@app/events';
import type { Database, Tx } from './data/client.ts';
import { RatingHandlers } from './handlers/rating.handlers.ts';
import { SalesHandlers } from './handlers/sales.handlers.ts';

/** Everything products learns from others. The names are lasting: inbox, offsets and dead letters are kept under them. */
export function consumersOf(db: Database): readonly ConsumerDefinition<Tx>[] {
  const transaction: Transactor<Tx> = (work) => withTx(db, (tx: Tx) => work(tx));
  return [
    { name: 'products.ratings', sources: ['reviews'], subscriptions: handlersOf<Tx>(new RatingHandlers()), transaction },
    { name: 'products.sales', sources: ['orders'], subscriptions: handlersOf<Tx>(new SalesHandlers()), transaction },
  ];
}
