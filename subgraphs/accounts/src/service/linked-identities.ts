import { isId, withTx } from '@app/database';
import { conflict, notFound, UserFault } from '@app/subgraph';
import type { AccountRow } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import { deleteIdentity, findIdentitiesOf } from '../data/identities.ts';
import { type Caller, lockOwnActiveAccount, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';

/** Takes away a way to sign in, unless it is the last. @throws {UserFault} NOT_FOUND, LAST_CREDENTIAL. */
export async function unlinkIdentity(app: AccountsApp, caller: Caller, id: string): Promise<{ account: AccountRow }> {
  requireUser(caller);
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOwnActiveAccount(tx, caller, now);
    const identities = await findIdentitiesOf(tx, [account.id]);
    const identity = isId('lid', id) ? identities.find((row) => row.id === id) : undefined;
    if (!identity) throw new UserFault(notFound('linked identity', id));
    if (account.passwordHash === null && identities.length === 1) {
      throw new UserFault(conflict('LAST_CREDENTIAL', 'You could not sign in any more: choose a password first.', null, ['id']));
    }
    await deleteIdentity(tx, id);
    const before = { provider: identity.provider };
    await recordAudit(
      tx,
      { actorId: account.id, action: 'identity.unlinked', subjectId: account.id, before, requestId: caller.requestId },
      now,
    );
    return { account };
  });
}
