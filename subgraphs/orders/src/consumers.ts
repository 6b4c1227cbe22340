import { withTx } from '@app/database';
import { type ConsumerDefinition, handlersOf, type Transactor } from '@app/events';
import type { Tx } from './data/database.ts';
import { OrderMailHandlers } from './handlers/order-mail.handlers.ts';
import { PaymentHandlers } from './handlers/payment.handlers.ts';
import type { Deps } from './service/deps.ts';

/** What orders does on events. The names are lasting: inbox, offsets and dead letters are kept under them. */
export function consumersOf(deps: Deps): readonly ConsumerDefinition<Tx>[] {
  const transaction: Transactor<Tx> = (work) => withTx(deps.db, (tx: Tx) => work(tx));
  return [
    { name: 'orders.mails', sources: ['orders'], subscriptions: handlersOf<Tx>(new OrderMailHandlers(deps)), transaction },
    { name: 'orders.payments', sources: ['payments'], subscriptions: handlersOf<Tx>(new PaymentHandlers(deps)), transaction },
  ];
}
