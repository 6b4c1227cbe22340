import { throttleKeyOf } from '@app/auth';
import { isUniqueViolation, newId, withTx } from '@app/database';
import { publish } from '@app/events';
import { AccountRegistered } from '@app/events/catalogue/account.events';
import { InputCheck } from '@app/subgraph';
import { findAccountByEmail, insertAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import { checkEmail, checkNewPassword } from '../domain/credentials.ts';
import { checkDisplayName, checkLocale } from '../domain/profile.ts';
import { mailPerAddress, registrationPerPair, registrationPerRecipient } from '../domain/throttle-rule.ts';
import type { Caller } from './caller.ts';
import { makeEmailLink } from './email-link.ts';
import { postMail } from './mails.ts';
import { noSoonerThan } from './no-sooner-than.ts';
import type { AccountsApp } from './ports.ts';
import { countAttempt, pairOf } from './throttling.ts';

/** Who wants an account. */
export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly locale?: string | null;
}

interface CheckedRegistration {
  readonly email: string;
  readonly passwordHash: string;
  readonly displayName: string;
  readonly locale: string | null;
}

/** Longer than hashing and writing take: an account that is new takes a dozen statements more than a note. */
const answerMs = 500;

/**
 * Registers somebody, or tells the owner of a known address by mail that somebody tried. Threat: finding out who is a
 * customer. Consequence: the same answer after the same time for known and unknown addresses.
 */
export async function registerAccount(app: AccountsApp, caller: Caller, input: Registration): Promise<{ accepted: boolean }> {
  const check = new InputCheck();
  const email = checkEmail(check, input.email, ['input', 'email']);
  const password = checkNewPassword(check, input.password, ['input', 'password']);
  const displayName = checkDisplayName(check, input.displayName, ['input', 'displayName']);
  const locale = checkLocale(check, input.locale, ['input', 'locale']);
  check.finish();
  const address = throttleKeyOf(caller.client.address);
  await countAttempt(app, [
    [mailPerAddress, address],
    [registrationPerPair, pairOf(email, address)],
    [registrationPerRecipient, email],
  ]);
  await noSoonerThan(answerMs, hashAndRegister(app, caller, { email, password, displayName, locale }));
  return { accepted: true };
}

async function hashAndRegister(
  app: AccountsApp,
  caller: Caller,
  { password, ...facts }: Registration & { readonly locale: string | null },
): Promise<void> {
  const registration = { ...facts, passwordHash: await app.passwords.hash(password) };
  try {
    await withTx(app.db, (tx) => register(tx, app, caller, registration));
  } catch (error) {
    // Two registrations of one address at once: the second finds the account now.
    if (!isUniqueViolation(error)) throw error;
    await withTx(app.db, (tx) => register(tx, app, caller, registration));
  }
}

/**
 * What was chosen here waits in the token and takes effect when the mail's link comes back. Threat: somebody registers
 * your address first, with their password, and waits until you confirm it. Consequence: your link brings your password.
 */
async function register(tx: Tx, app: AccountsApp, caller: Caller, registration: CheckedRegistration): Promise<void> {
  const { email, ...choices } = registration;
  const known = await findAccountByEmail(tx, email);
  if (known && known.status !== 'PENDING_VERIFICATION') return postMail(tx, app, email, { kind: 'ALREADY_REGISTERED' });
  const accountId = known?.id ?? (await createAccount(tx, app, caller, registration));
  const token = await makeEmailLink(tx, { accountId, purpose: 'VERIFY_EMAIL', ...choices }, app.now());
  await postMail(tx, app, email, { kind: 'VERIFY_EMAIL', token });
}

async function createAccount(
  tx: Tx,
  app: AccountsApp,
  caller: Caller,
  { email, displayName, locale }: CheckedRegistration,
): Promise<string> {
  const now = app.now();
  const id = newId('usr', now.getTime());
  await insertAccount(tx, { id, email, displayName, ...(locale !== null && { locale }), createdAt: now, updatedAt: now });
  await publish(tx, AccountRegistered.create(id, { userId: id, displayName }, { correlationId: caller.requestId, actor: id }));
  await app.onboarding.begin(tx, id);
  return id;
}
