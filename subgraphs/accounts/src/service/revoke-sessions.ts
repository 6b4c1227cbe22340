import { isId, withTx } from '@app/database';
import { notFound, UserFault } from '@app/subgraph';
import { revokeSessions } from '../data/sessions.ts';
import { type Caller, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';

/** Ends one of the caller's sessions, also the one in use. @throws {UserFault} NOT_FOUND when it is not theirs or has ended. */
export async function revokeSession(app: AccountsApp, caller: Caller, id: string): Promise<{ ok: boolean }> {
  const user = requireUser(caller);
  const target = { accountId: user.id, id };
  const ended = isId('ses', id) ? await withTx(app.db, (tx) => revokeSessions(tx, target, 'REVOKED_BY_OWNER', app.now())) : [];
  if (ended.length === 0) throw new UserFault(notFound('session', id));
  await app.revocations.announce(ended);
  return { ok: true };
}

/** Ends all sessions of the caller but the one in use. */
export async function revokeOtherSessions(app: AccountsApp, caller: Caller): Promise<{ ok: boolean }> {
  const user = requireUser(caller);
  const target = { accountId: user.id, exceptId: user.sessionId };
  const ended = await withTx(app.db, (tx) => revokeSessions(tx, target, 'REVOKED_BY_OWNER', app.now()));
  await app.revocations.announce(ended);
  return { ok: true };
}
