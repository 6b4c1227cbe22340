import { withTx } from '@app/database';
import { type ConsumerDefinition, handlersOf, type Subscription, type Transactor } from '@app/events';
import { runWithRequest } from '@app/observability';
import type { Database, Tx } from './data/client.ts';
import { AuthorHandlers } from './handlers/author.handlers.ts';
import { PurchaseHandlers } from './handlers/purchase.handlers.ts';

/** Everything reviews learns from others. The names are lasting: inbox, offsets and dead letters are kept under them. */
export function consumersOf(db: Database): readonly ConsumerDefinition<Tx>[] {
  const transaction: Transactor<Tx> = (work) => withTx(db, (tx: Tx) => work(tx));
  return [
    { name: 'reviews.purchases', sources: ['orders'], subscriptions: correlated(new PurchaseHandlers()), transaction },
    { name: 'reviews.authors', sources: ['accounts'], subscriptions: correlated(new AuthorHandlers()), transaction },
  ];
}

/** What an event causes carries the correlation id of the request that caused the event. */
function correlated(handlers: object): readonly Subscription<Tx>[] {
  return handlersOf<Tx>(handlers).map(({ definition, handle }) => ({
    definition,
    handle: (event, tx) => runWithRequest({ requestId: event.correlationid ?? event.id }, () => handle(event, tx)),
  }));
}
