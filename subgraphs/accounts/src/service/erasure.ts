import { withTx } from '@app/database';
import { publish } from '@app/events';
import { AccountErased, AccountErasureRequested } from '@app/events/catalogue/account.events';
import { conflict, InputCheck, UserFault } from '@app/subgraph';
import { type AccountRow, findAccount, findDueErasures, lockAccount, updateAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import { deletePersonalRows } from '../data/erasure.ts';
import { revokeSessions } from '../data/sessions.ts';
import { canBecome, erasureDelayDays } from '../domain/account.ts';
import { checkPassword } from '../domain/credentials.ts';
import { type Caller, lockOwnAccount, requireUser } from './caller.ts';
import { postMail } from './mails.ts';
import { provePassword } from './passwords.ts';
import type { AccountsApp } from './ports.ts';

/**
 * Asks for erasure of the caller's account, after a pause to think again. Who has a password must give it.
 * @throws {UserFault} REQUIRED, WRONG_PASSWORD, ILLEGAL_STATUS.
 */
export async function requestErasure(app: AccountsApp, caller: Caller, password: string | null): Promise<{ account: AccountRow }> {
  const user = requireUser(caller);
  const known = await findAccount(app.db, user.id);
  if (known?.passwordHash) {
    const check = new InputCheck();
    const given = checkPassword(check, password ?? '', ['password']);
    check.finish();
    await provePassword(app, user.id, given, ['password']);
  }
  const { account, ended } = await withTx(app.db, async (tx) => {
    const now = app.now();
    const before = await lockOwnAccount(tx, caller, now);
    if (!canBecome(before.status, 'ERASURE_SCHEDULED')) throw new UserFault(conflict('ILLEGAL_STATUS', 'Erasure was asked for already.'));
    const erasureDueAt = new Date(now.getTime() + erasureDelayDays * 24 * 60 * 60 * 1000);
    const ended = await revokeSessions(tx, { accountId: user.id, exceptId: user.sessionId }, 'ERASURE_REQUESTED', now);
    await recordAudit(tx, { actorId: user.id, action: 'erasure.requested', subjectId: user.id, requestId: caller.requestId }, now);
    await publish(tx, AccountErasureRequested.create(user.id, { userId: user.id }, { correlationId: caller.requestId, actor: user.id }));
    if (before.email !== null) await postMail(tx, app, before.email, { kind: 'ERASURE_REQUESTED', dueAt: erasureDueAt });
    return { account: await updateAccount(tx, user.id, { status: 'ERASURE_SCHEDULED', erasureDueAt }, now), ended };
  });
  await app.revocations.announce(ended);
  return { account };
}

/** Takes the wish for erasure back. @throws {UserFault} ILLEGAL_STATUS when there is none. */
export async function cancelErasure(app: AccountsApp, caller: Caller): Promise<{ account: AccountRow }> {
  const user = requireUser(caller);
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const before = await lockOwnAccount(tx, caller, now);
    if (before.status !== 'ERASURE_SCHEDULED') throw new UserFault(conflict('ILLEGAL_STATUS', 'No erasure was asked for.'));
    await recordAudit(tx, { actorId: user.id, action: 'erasure.cancelled', subjectId: user.id, requestId: caller.requestId }, now);
    return { account: await updateAccount(tx, user.id, { status: 'ACTIVE', erasureDueAt: null }, now) };
  });
}

/** Erases the accounts whose pause is over; the worker calls it. Returns how many. */
export async function eraseDueAccounts(app: AccountsApp, limit = 50): Promise<number> {
  const due = await findDueErasures(app.db, app.now(), limit);
  for (const id of due) await eraseAccount(app, id);
  if (due.length > 0) await app.publicAnswers.forget();
  return due.length;
}

/** The id stays, since other subgraphs hold it; everything that tells who it was goes. */
async function eraseAccount(app: AccountsApp, id: string): Promise<void> {
  const ended = await withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockAccount(tx, id);
    if (!account?.erasureDueAt || account.erasureDueAt > now || !canBecome(account.status, 'ERASED')) return [];
    const ended = await revokeSessions(tx, { accountId: id }, 'ERASED', now);
    await deletePersonalRows(tx, id, account.email);
    const nothing = { email: null, emailVerifiedAt: null, passwordHash: null, givenName: null, familyName: null, erasureDueAt: null };
    const neutral = { displayName: 'Deleted user', locale: 'en', roles: [], status: 'ERASED', riskLevel: 'LOW' };
    await updateAccount(tx, id, { ...nothing, ...neutral }, now);
    await recordAudit(tx, { actorId: null, action: 'account.erased', subjectId: id, requestId: null }, now);
    await publish(tx, AccountErased.create(id, { userId: id }, { actor: 'accounts' }));
    return ended;
  });
  await app.revocations.announce(ended);
}
