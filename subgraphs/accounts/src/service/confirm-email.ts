import { withTx } from '@app/database';
import { publishBatch } from '@app/events';
import { AccountProfileUpdated, AccountVerified } from '@app/events/catalogue/account.events';
import { inputError, UserFault } from '@app/subgraph';
import { type AccountRow, lockAccount, updateAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import { type EmailTokenRow, voidEmailTokens } from '../data/email-tokens.ts';
import type { Caller } from './caller.ts';
import { useEmailLink } from './email-link.ts';
import { admit, type SessionGrant, toGrant } from './open-session.ts';
import type { AccountsApp } from './ports.ts';

/** Confirms an e-mail address with the token of the mail, and signs in. @throws {UserFault} INVALID_TOKEN. */
export async function confirmEmail(app: AccountsApp, caller: Caller, input: { token: string }): Promise<SessionGrant> {
  const opened = await withTx(app.db, async (tx) => {
    const now = app.now();
    const token = await useEmailLink(tx, input.token, 'VERIFY_EMAIL', now);
    const account = await lockAccount(tx, token.accountId);
    if (account?.status !== 'PENDING_VERIFICATION')
      throw new UserFault(inputError(['input', 'token'], 'INVALID_TOKEN', 'This address is confirmed already: sign in.'));
    await voidEmailTokens(tx, account.id, 'VERIFY_EMAIL');
    const active = await activate(tx, caller, { account, token, now });
    await app.onboarding.confirmed(tx, account.id);
    return admit(tx, active, caller, now);
  });
  return toGrant(app, opened);
}

interface Confirmation {
  readonly account: AccountRow;
  readonly token: EmailTokenRow;
  readonly now: Date;
}

/** Puts into effect what the registration of this very token had chosen. */
async function activate(tx: Tx, caller: Caller, { account, token, now }: Confirmation): Promise<AccountRow> {
  const displayName = token.displayName ?? account.displayName;
  const changes = {
    status: 'ACTIVE',
    emailVerifiedAt: now,
    displayName,
    ...(token.passwordHash !== null && { passwordHash: token.passwordHash }),
    ...(token.locale !== null && { locale: token.locale }),
  };
  const metadata = { correlationId: caller.requestId, actor: account.id };
  const isRenamed = displayName !== account.displayName;
  await publishBatch(tx, [
    AccountVerified.create(account.id, { userId: account.id }, metadata),
    ...(isRenamed ? [AccountProfileUpdated.create(account.id, { userId: account.id, displayName }, metadata)] : []),
  ]);
  return updateAccount(tx, account.id, changes, now);
}
