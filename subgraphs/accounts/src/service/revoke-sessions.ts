import { isId, withTx } from '@app/database';
import { notFound, UserFault } from '@app/subgraph';
import { type RevocationTarget, revokeSessions } from '../data/sessions.ts';
import { type Caller, lockOwnAccount, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';

/** Ends one of the caller's sessions, also the one in use. @throws {UserFault} NOT_FOUND when it is not theirs or has ended. */
export async function revokeSession(app: AccountsApp, caller: Caller, id: string): Promise<{ ok: boolean }> {
  const user = requireUser(caller);
  const target = { accountId: user.id, id };
  const ended = isId('ses', id) ? await end(app, caller, target) : [];
  if (ended.length === 0) throw new UserFault(notFound('session', id));
  return { ok: true };
}

/** Ends all sessions of the caller but the one in use. */
export async function revokeOtherSessions(app: AccountsApp, caller: Caller): Promise<{ ok: boolean }> {
  const user = requireUser(caller);
  const target = { accountId: user.id, exceptId: user.sessionId };
  await end(app, caller, target);
  return { ok: true };
}

/** A session that has ended ends no others: whoever was thrown out does not throw the owner out. @throws {AppError} UNAUTHENTICATED. */
async function end(app: AccountsApp, caller: Caller, target: RevocationTarget): Promise<string[]> {
  const ended = await withTx(app.db, async (tx) => {
    const now = app.now();
    await lockOwnAccount(tx, caller, now);
    return revokeSessions(tx, target, 'REVOKED_BY_OWNER', now);
  });
  await app.revocations.announce(ended);
  return ended;
}
