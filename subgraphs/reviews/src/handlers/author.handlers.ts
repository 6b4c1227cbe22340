import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { AccountErased, AccountProfileUpdated, AccountRegistered } from '@app/events/catalogue/account.events';
import { forgetAuthor, recordAuthor } from '../service/projections.ts';
import type { Tx } from '../service/transaction.ts';

/** Accounts' events: under which name people write, until they are erased. */
export class AuthorHandlers {
  @EventHandler(AccountRegistered)
  onRegistered({ data }: ReceivedEvent<DataOf<typeof AccountRegistered>>, tx: Tx): Promise<void> {
    return recordAuthor(tx, data.userId, data.displayName);
  }

  @EventHandler(AccountProfileUpdated)
  onProfileUpdated({ data }: ReceivedEvent<DataOf<typeof AccountProfileUpdated>>, tx: Tx): Promise<void> {
    return recordAuthor(tx, data.userId, data.displayName);
  }

  @EventHandler(AccountErased)
  onErased({ data }: ReceivedEvent<DataOf<typeof AccountErased>>, tx: Tx): Promise<void> {
    return forgetAuthor(tx, data.userId);
  }
}
