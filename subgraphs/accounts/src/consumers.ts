import { withTx } from '@app/database';
import { type ConsumerDefinition, handlersOf } from '@app/events';
import type { Tx } from './data/client.ts';
import { ReviewMailHandlers } from './handlers/review-mail.handlers.ts';
import type { AccountsApp } from './service/ports.ts';

/** Everything accounts learns from others. The names are lasting: inbox, offsets and dead letters are kept under them. */
export function consumersOf(app: AccountsApp): readonly ConsumerDefinition<Tx>[] {
  return [
    {
      name: 'accounts.mails',
      sources: ['reviews'],
      subscriptions: handlersOf<Tx>(new ReviewMailHandlers(app)),
      transaction: (work) => withTx(app.db, (tx: Tx) => work(tx)),
    },
  ];
}
