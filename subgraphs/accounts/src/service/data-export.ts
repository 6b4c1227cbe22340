import { newId, withTx } from '@app/database';
import { RateLimitedError, UserFault, userError } from '@app/subgraph';
import type { AccountRow } from '../data/accounts.ts';
import { findAddressesOf } from '../data/addresses.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { type DataExportRow, deleteOlderExports, findExportsOf, insertExport, type JsonObject } from '../data/data-exports.ts';
import { findIdentitiesOf } from '../data/identities.ts';
import { findSessionsOf } from '../data/sessions.ts';
import { type Caller, lockOwnAccount, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';

const keptExports = 5;
const pauseMs = 60 * 60 * 1000;
const lifeMs = 7 * 24 * pauseMs;

/**
 * Collects what this service knows about the caller (GDPR, article 20), at once: it is a few kilobytes. At most one an
 * hour. @throws {UserFault} RATE_LIMITED.
 */
export async function requestDataExport(app: AccountsApp, caller: Caller): Promise<{ export: DataExportRow }> {
  requireUser(caller);
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOwnAccount(tx, caller, now);
    const [latest] = await findExportsOf(tx, [account.id]);
    if (latest) requirePause(latest, now);
    const row = await insertExport(tx, {
      id: newId('dex', now.getTime()),
      accountId: account.id,
      status: 'SUCCEEDED',
      requestedAt: now,
      finishedAt: now,
      expiresAt: new Date(now.getTime() + lifeMs),
      content: await collect(tx, account, now),
    });
    await deleteOlderExports(tx, account.id, keptExports);
    await recordAudit(tx, { actorId: account.id, action: 'data.exported', subjectId: account.id, requestId: caller.requestId }, now);
    return { export: row };
  });
}

function requirePause(latest: DataExportRow, now: Date): void {
  const retryAfterSeconds = Math.ceil((latest.requestedAt.getTime() + pauseMs - now.getTime()) / 1000);
  if (retryAfterSeconds <= 0) return;
  const facts = { code: 'RATE_LIMITED', message: 'There is an export of the last hour: take that one, or wait.' };
  throw new UserFault(userError(RateLimitedError, facts, { retryAfterSeconds }));
}

async function collect(tx: Tx, account: AccountRow, now: Date): Promise<JsonObject> {
  const addresses = await findAddressesOf(tx, [account.id]);
  const sessions = await findSessionsOf(tx, [account.id], now);
  const identities = await findIdentitiesOf(tx, [account.id]);
  return {
    account: {
      id: account.id,
      email: account.email,
      displayName: account.displayName,
      givenName: account.givenName,
      familyName: account.familyName,
      locale: account.locale,
      preferredCurrency: account.preferredCurrency,
      roles: account.roles,
      createdAt: account.createdAt.toISOString(),
    },
    addresses: addresses.map(({ accountId: _owner, createdAt, updatedAt, ...facts }) => ({
      ...facts,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    })),
    sessions: sessions.map(({ id, createdAt, lastUsedAt, userAgent, ipPrefix }) => ({
      id,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      userAgent,
      ipPrefix,
    })),
    identities: identities.map(({ provider, email, linkedAt }) => ({ provider, email, linkedAt: linkedAt.toISOString() })),
  };
}
