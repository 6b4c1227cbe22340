import { withTx } from '@app/database';
import { type ConsumerDefinition, handlersOf, type Transactor } from '@app/events';
import type { Database, Tx } from './data/client.ts';
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
