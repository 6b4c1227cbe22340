import { newId } from '@app/database';
import { publish, publishBatch } from '@app/events';
import { AccountProfileUpdated, AccountRegistered, AccountVerified } from '@app/events/catalogue/account.events';
import { InputCheck, inputError, UserFault } from '@app/subgraph';
import { findAccountByEmail, insertAccount, lockAccount, updateAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import { voidEmailTokens } from '../data/email-tokens.ts';
import { checkEmail } from '../domain/credentials.ts';
import type { Caller } from './caller.ts';
import type { ExternalIdentity } from './login-providers.ts';
import type { AccountsApp } from './ports.ts';

/** Whose account it is. */
export interface AdoptedAccount {
  readonly accountId: string;
  readonly isNew: boolean;
}

/**
 * The account of a verified address: the one there is, or a new one.
 *
 * Threat: somebody registers your address with a password of theirs, and you sign in with a provider later; or a provider
 * passes on an address nobody checked. Consequence: only addresses that the provider vouches for are looked up, and an
 * account that was never confirmed is taken over without its password, its name and its mailed links.
 * @throws {UserFault} EMAIL_NOT_VERIFIED.
 */
export async function adoptByEmail(tx: Tx, app: AccountsApp, caller: Caller, identity: ExternalIdentity): Promise<AdoptedAccount> {
  const now = app.now();
  const email = verifiedEmail(identity);
  const known = await findAccountByEmail(tx, email);
  if (!known) return { accountId: await register(tx, app, caller, { email, displayName: nameOf(identity, email) }), isNew: true };
  const adopted = { accountId: known.id, isNew: false };
  const account = await lockAccount(tx, known.id);
  if (account?.status !== 'PENDING_VERIFICATION') return adopted;
  await voidEmailTokens(tx, account.id, 'VERIFY_EMAIL');
  const displayName = nameOf(identity, email);
  await updateAccount(tx, account.id, { status: 'ACTIVE', emailVerifiedAt: now, passwordHash: null, displayName }, now);
  const metadata = { correlationId: caller.requestId, actor: account.id };
  await publishBatch(tx, [
    AccountVerified.create(account.id, { userId: account.id }, metadata),
    AccountProfileUpdated.create(account.id, { userId: account.id, displayName }, metadata),
  ]);
  await app.onboarding.confirmed(tx, account.id);
  return adopted;
}

async function register(
  tx: Tx,
  app: AccountsApp,
  caller: Caller,
  { email, displayName }: { email: string; displayName: string },
): Promise<string> {
  const now = app.now();
  const id = newId('usr', now.getTime());
  await insertAccount(tx, { id, email, displayName, status: 'ACTIVE', emailVerifiedAt: now, createdAt: now, updatedAt: now });
  await publish(tx, AccountRegistered.create(id, { userId: id, displayName }, { correlationId: caller.requestId, actor: id }));
  await app.onboarding.begin(tx, id);
  return id;
}

function verifiedEmail({ email, isEmailVerified }: ExternalIdentity): string {
  const check = new InputCheck();
  const address = checkEmail(check, email ?? '', ['input', 'callbackUrl']);
  if (!isEmailVerified || email === null) {
    throw new UserFault(
      inputError(
        ['input', 'callbackUrl'],
        'EMAIL_NOT_VERIFIED',
        'The provider has not verified your e-mail address: verify it there, or register here.',
      ),
    );
  }
  check.finish();
  return address;
}

/** The name the provider knows, where it fits, else the part of the address before the @. */
function nameOf({ displayName }: ExternalIdentity, email: string): string {
  const name =
    displayName
      ?.normalize('NFC')
      .replaceAll(/\p{Cc}/gu, '')
      .trim() ?? '';
  return [...(name || email.split('@')[0] || 'Customer')].slice(0, 80).join('');
}
