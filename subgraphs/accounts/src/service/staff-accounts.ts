import { roles as allRoles, type Role, type UserPrincipal } from '@app/auth';
import { isId, withTx } from '@app/database';
import { AppError } from '@app/errors';
import { type Connection, conflict, InputCheck, notFound, type PageArguments, pageRequest, toConnection, UserFault } from '@app/subgraph';
import { type AccountCriteria, type AccountRow, countAccounts, listAccounts, lockAccount, updateAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { deleteSecondFactor, findConfirmedFactors } from '../data/mfa.ts';
import { findSession, revokeSessions } from '../data/sessions.ts';
import { type AccountStatus, canBecome } from '../domain/account.ts';
import { isLive } from '../domain/session.ts';
import { type Caller, requireScope } from './caller.ts';
import { postMail } from './mails.ts';
import type { AccountsApp } from './ports.ts';

/** What staff looks for. */
export interface AccountSearch {
  readonly email?: string | null;
  readonly status?: AccountStatus | null;
  readonly role?: Role | null;
}

/** Accounts, newest first, for staff. @throws {AppError} FORBIDDEN without accounts:read. */
export async function searchAccounts(
  app: AccountsApp,
  caller: Caller,
  page: PageArguments,
  search: AccountSearch,
): Promise<Connection<AccountRow>> {
  requireScope(caller, 'accounts:read');
  const request = pageRequest(page, 'CREATED', 2);
  const criteria: AccountCriteria = {
    email: search.email?.trim().toLowerCase().replaceAll('\u0000', '') || null,
    status: search.status ?? null,
    role: search.role ?? null,
  };
  const from = request.from && { createdAt: new Date(String(request.from[0])), id: String(request.from[1]) };
  if (from && Number.isNaN(from.createdAt.getTime())) return toConnection([], request, keyOf, 0);
  const rows = await listAccounts(app.db, criteria, { limit: request.limit + 1, isBackward: request.isBackward, from });
  return toConnection(rows, request, keyOf, () => countAccounts(app.db, criteria));
}

/**
 * Sets the roles of an account. Taking a role away ends its sessions, so that no token with the role lives on; a role
 * that was added comes with the next refresh. Nobody changes their own: an admin cannot be locked out by a slip.
 */
export async function setRoles(app: AccountsApp, caller: Caller, id: string, wanted: readonly Role[]): Promise<{ account: AccountRow }> {
  const actor = requireScope(caller, 'accounts:write');
  const check = new InputCheck();
  check.list(wanted, ['roles'], { max: allRoles.length });
  check.finish();
  const roles = allRoles.filter((role) => wanted.includes(role));
  const { account, ended } = await withTx(app.db, async (tx) => {
    const now = app.now();
    const before = await lockOther(tx, actor, id, now);
    if (before.status === 'ERASED') throw new UserFault(notFound('account', id));
    const isReduced = before.roles.some((role) => !roles.includes(role));
    const ended = isReduced ? await revokeSessions(tx, { accountId: id }, 'ROLES_CHANGED', now) : [];
    const facts = { actorId: actor.id, subjectId: id, requestId: caller.requestId };
    await recordAudit(tx, { ...facts, action: 'account.roles_set', before: { roles: before.roles }, after: { roles } }, now);
    return { account: await updateAccount(tx, id, { roles }, now), ended };
  });
  await app.revocations.announce(ended);
  return { account };
}

/** Suspends an account and ends its sessions. An erasure that its owner asked for keeps its day. @throws {UserFault} NOT_FOUND, ILLEGAL_STATUS, OWN_ACCOUNT. */
export async function suspendAccount(app: AccountsApp, caller: Caller, id: string, input: string): Promise<{ account: AccountRow }> {
  const actor = requireScope(caller, 'accounts:write');
  const reason = checkReason(input);
  const { account, ended } = await withTx(app.db, async (tx) => {
    const now = app.now();
    const before = await lockOther(tx, actor, id, now);
    if (!canBecome(before.status, 'SUSPENDED')) {
      throw new UserFault(conflict('ILLEGAL_STATUS', `An account that is ${before.status} cannot be suspended.`, null, ['id']));
    }
    const ended = await revokeSessions(tx, { accountId: id }, 'SUSPENDED', now);
    const facts = { actorId: actor.id, subjectId: id, reason, requestId: caller.requestId };
    await recordAudit(
      tx,
      { ...facts, action: 'account.suspended', before: { status: before.status }, after: { status: 'SUSPENDED' } },
      now,
    );
    return { account: await updateAccount(tx, id, { status: 'SUSPENDED' }, now), ended };
  });
  await app.revocations.announce(ended);
  return { account };
}

/**
 * Takes the second factor of somebody who lost it, recovery codes and open questions included: their password is enough until they set up
 * a new one. Threat: somebody talks our staff into it. Consequence: all sessions end, and the owner is told.
 * @throws {UserFault} NOT_FOUND, NOT_ENROLLED, OWN_ACCOUNT.
 */
export async function removeSecondFactor(app: AccountsApp, caller: Caller, id: string, input: string): Promise<{ account: AccountRow }> {
  const actor = requireScope(caller, 'accounts:write');
  const reason = checkReason(input);
  const { account, ended } = await withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOther(tx, actor, id, now);
    const factors = (await findConfirmedFactors(tx, [id])).map(({ kind }) => kind);
    if (factors.length === 0) throw new UserFault(conflict('NOT_ENROLLED', 'This account has no second factor.', null, ['id']));
    await deleteSecondFactor(tx, id);
    const ended = await revokeSessions(tx, { accountId: id }, 'SECOND_FACTOR_REMOVED', now);
    const facts = { actorId: actor.id, subjectId: id, reason, requestId: caller.requestId };
    await recordAudit(tx, { ...facts, action: 'mfa.removed', before: { factors }, after: { factors: [] } }, now);
    if (account.email !== null) await postMail(tx, app, account.email, { kind: 'SECOND_FACTOR_REMOVED' });
    return { account, ended };
  });
  await app.revocations.announce(ended);
  return { account };
}

function checkReason(input: string): string {
  const check = new InputCheck();
  const reason = check.text(input, ['reason'], { max: 500, multiline: true });
  check.finish();
  return reason;
}

/**
 * The account of somebody else, locked, for a change by staff. Looks at the session of who changes it: an access token outlives the role by
 * minutes when gateways do not hear of it. Staff of another issuer has no session here.
 * @throws {AppError} UNAUTHENTICATED when that session has ended. @throws {UserFault} NOT_FOUND, OWN_ACCOUNT.
 */
async function lockOther(tx: Tx, actor: UserPrincipal, id: string, now: Date): Promise<AccountRow> {
  const session = await findSession(tx, actor.sessionId);
  if (session !== null && !isLive(session, actor.id, now)) throw new AppError('UNAUTHENTICATED');
  if (id === actor.id)
    throw new UserFault(conflict('OWN_ACCOUNT', 'Ask a colleague: nobody does this to their own account.', null, ['id']));
  const account = isId('usr', id) ? await lockAccount(tx, id) : null;
  if (!account) throw new UserFault(notFound('account', id));
  return account;
}

function keyOf(row: AccountRow): [string, string] {
  return [row.createdAt.toISOString(), row.id];
}
