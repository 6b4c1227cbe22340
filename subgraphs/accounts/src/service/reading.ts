import { type AccountRow, findAccounts } from '../data/accounts.ts';
import { type AddressRow, findAddresses, findAddressesOf } from '../data/addresses.ts';
import { type DataExportRow, findExports, findExportsOf } from '../data/data-exports.ts';
import { findIdentitiesOf, type LinkedIdentityRow } from '../data/identities.ts';
import { countRecoveryCodes, findConfirmedFactors, type MfaChallengeRow, type MfaFactorRow } from '../data/mfa.ts';
import { findSessionsOf, type SessionRow } from '../data/sessions.ts';
import { type Caller, maySee } from './caller.ts';
import type { AccountsApp } from './ports.ts';

export type { AccountRow, AddressRow, DataExportRow, LinkedIdentityRow, MfaChallengeRow, MfaFactorRow, SessionRow };

/*
 * Reads of many at once, each one SQL statement, in the order of the ids asked for. Object-level rules stand here: what
 * the caller may not see is null, as what does not exist.
 */

/** Accounts whatever their state; no rule is applied, so never hand them out as they are. */
export async function readAccounts(app: AccountsApp, ids: readonly string[]): Promise<(AccountRow | null)[]> {
  return inOrder(ids, await findAccounts(app.db, ids));
}

/** Addresses that the caller may see: their own, or all for staff. */
export async function readAddresses(app: AccountsApp, caller: Caller, ids: readonly string[]): Promise<(AddressRow | null)[]> {
  const rows = await findAddresses(app.db, ids);
  return inOrder(
    ids,
    rows.filter((row) => maySee(caller, row.accountId)),
  );
}

/** Exports of the caller; staff does not read them. */
export async function readExports(app: AccountsApp, caller: Caller, ids: readonly string[]): Promise<(DataExportRow | null)[]> {
  const rows = await findExports(app.db, ids);
  return inOrder(
    ids,
    rows.filter((row) => isOwn(caller, row.accountId)),
  );
}

export async function readAddressesOf(app: AccountsApp, accountIds: readonly string[]): Promise<AddressRow[][]> {
  return byAccount(accountIds, await findAddressesOf(app.db, accountIds));
}

export async function readSessionsOf(app: AccountsApp, accountIds: readonly string[]): Promise<SessionRow[][]> {
  return byAccount(accountIds, await findSessionsOf(app.db, accountIds, app.now()));
}

export async function readIdentitiesOf(app: AccountsApp, accountIds: readonly string[]): Promise<LinkedIdentityRow[][]> {
  return byAccount(accountIds, await findIdentitiesOf(app.db, accountIds));
}

export async function readFactorsOf(app: AccountsApp, accountIds: readonly string[]): Promise<MfaFactorRow[][]> {
  return byAccount(accountIds, await findConfirmedFactors(app.db, accountIds));
}

export async function readExportsOf(app: AccountsApp, accountIds: readonly string[]): Promise<DataExportRow[][]> {
  return byAccount(accountIds, await findExportsOf(app.db, accountIds));
}

/** How many recovery codes are left, by account. */
export async function readRecoveryCodesLeft(app: AccountsApp, accountIds: readonly string[]): Promise<number[]> {
  const counts = await countRecoveryCodes(app.db, accountIds);
  return accountIds.map((id) => counts.get(id) ?? 0);
}

/** True when the account is the caller's own. */
export function isOwn({ principal }: Caller, accountId: string): boolean {
  return principal.kind === 'user' && principal.id === accountId;
}

function inOrder<Row extends { readonly id: string }>(ids: readonly string[], rows: readonly Row[]): (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

function byAccount<Row extends { readonly accountId: string }>(accountIds: readonly string[], rows: readonly Row[]): Row[][] {
  const groups = Map.groupBy(rows, (row) => row.accountId);
  return accountIds.map((id) => groups.get(id) ?? []);
}
