import { networkOf, throttleKeyOf } from '@app/auth';
import { withTx } from '@app/database';
import { InputCheck, inputError, UserFault } from '@app/subgraph';
import { type AccountRow, findAccountByEmail, lockAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import { maySignIn } from '../domain/account.ts';
import { checkEmail, checkPassword } from '../domain/credentials.ts';
import type { Caller } from './caller.ts';
import { admit, type SessionGrant, toGrant } from './open-session.ts';
import type { AccountsApp } from './ports.ts';
import { countSignIn, forgetSignIns } from './throttling.ts';

/**
 * Signs in with e-mail address and password. Unknown address and wrong password get the same answer after the same work;
 * what stands in the way of an account is told only to who knows its password. Threat: a stranger registers an address, and
 * learns from the sign-in whether it was new. Consequence: until an address is confirmed, nobody's password is right.
 * @throws {UserFault} INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, RATE_LIMITED.
 */
export async function signIn(app: AccountsApp, caller: Caller, input: { email: string; password: string }): Promise<SessionGrant> {
  const check = new InputCheck();
  const email = checkEmail(check, input.email, ['input', 'email']);
  const password = checkPassword(check, input.password, ['input', 'password']);
  check.finish();
  const address = throttleKeyOf(caller.client.address);
  await countSignIn(app, email, address);
  const account = await findAccountByEmail(app.db, email);
  const isConfirmed = account !== null && account.status !== 'PENDING_VERIFICATION';
  const isRight = await app.passwords.matches(isConfirmed ? account.passwordHash : null, password);
  if (!account || !isRight) {
    const after = { network: networkOf(caller.client.address) };
    await recordAudit(
      app.db,
      { actorId: null, action: 'session.refused', subjectId: account?.id ?? 'unknown', after, requestId: caller.requestId },
      app.now(),
    );
    throw invalidCredentials();
  }
  await forgetSignIns(app, email, address);
  return toGrant(
    app,
    await withTx(app.db, async (tx) => admit(tx, recheck(await lockAccount(tx, account.id), account), caller, app.now())),
  );
}

/** The account as it is now, under lock: it may have been suspended or got another password while we hashed. */
function recheck(now: AccountRow | null, then: AccountRow): AccountRow {
  if (!now || now.passwordHash !== then.passwordHash) throw invalidCredentials();
  if (now.status === 'SUSPENDED') throw refused('ACCOUNT_SUSPENDED', 'This account is suspended: write to our support.');
  if (!maySignIn(now.status)) throw invalidCredentials();
  return now;
}

function invalidCredentials(): UserFault {
  return refused(
    'INVALID_CREDENTIALS',
    'E-mail address or password is wrong, or the address is not confirmed yet: open the link in our mail.',
  );
}

function refused(code: string, message: string): UserFault {
  return new UserFault(inputError(['input'], code, message));
}
