import { withTx } from '@app/database';
import { publish } from '@app/events';
import { AccountProfileUpdated } from '@app/events/catalogue/account.events';
import { isCurrencyCode } from '@app/money';
import { InputCheck } from '@app/subgraph';
import { type AccountRow, updateAccount } from '../data/accounts.ts';
import { checkDisplayName, checkLocale, checkName } from '../domain/profile.ts';
import { type Caller, lockOwnActiveAccount, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';

/** What of a profile to change: left out stays, null clears where there may be nothing. */
export interface ProfileChanges {
  readonly displayName?: string | null;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
  readonly locale?: string | null;
  readonly preferredCurrency?: string | null;
}

/** Changes the caller's profile; a new public name is published. */
export async function updateProfile(app: AccountsApp, caller: Caller, input: ProfileChanges): Promise<{ account: AccountRow }> {
  requireUser(caller);
  const changes = checkProfile(input);
  const { account } = await withTx(app.db, async (tx) => {
    const now = app.now();
    const before = await lockOwnActiveAccount(tx, caller, now);
    const account = await updateAccount(tx, before.id, changes, now);
    if (account.displayName !== before.displayName) {
      const data = { userId: account.id, displayName: account.displayName };
      await publish(tx, AccountProfileUpdated.create(account.id, data, { correlationId: caller.requestId, actor: account.id }));
    }
    return { account };
  });
  await app.publicAnswers.forget(account.id);
  return { account };
}

function checkProfile(input: ProfileChanges) {
  const check = new InputCheck();
  const path = (name: string) => ['input', name];
  const locale = checkLocale(check, input.locale, path('locale'));
  const currency = input.preferredCurrency;
  if (currency != null) check.require(isCurrencyCode(currency), path('preferredCurrency'), 'INVALID', 'Give a currency code such as EUR.');
  const changes = {
    ...(input.displayName != null && { displayName: checkDisplayName(check, input.displayName, path('displayName')) }),
    ...(input.givenName !== undefined && { givenName: checkName(check, input.givenName, path('givenName')) }),
    ...(input.familyName !== undefined && { familyName: checkName(check, input.familyName, path('familyName')) }),
    ...(locale !== null && { locale }),
    ...(currency != null && { preferredCurrency: currency }),
  };
  check.finish();
  return changes;
}
