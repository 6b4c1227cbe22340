import type { Role } from '@app/auth';
import type { AccountStatus, RiskLevel } from '../domain/account.ts';
import type { Prisma, Account as StoredAccount } from './client/client.ts';
import type { Tx } from './client.ts';

/** A person as stored; checks in the database keep the closed sets closed. */
export type AccountRow = Omit<StoredAccount, 'status' | 'riskLevel' | 'roles'> & {
  readonly status: AccountStatus;
  readonly riskLevel: RiskLevel;
  readonly roles: Role[];
};

/** What {@link listAccounts} may be narrowed by. */
export interface AccountCriteria {
  /** Part of the e-mail address, lower case. */
  readonly email: string | null;
  readonly status: AccountStatus | null;
  readonly role: Role | null;
}

export async function findAccounts(db: Tx, ids: readonly string[]): Promise<AccountRow[]> {
  return (await db.account.findMany({ where: { id: { in: [...ids] } } })) as AccountRow[];
}

export async function findAccount(db: Tx, id: string): Promise<AccountRow | null> {
  return (await db.account.findUnique({ where: { id } })) as AccountRow | null;
}

export async function findAccountByEmail(db: Tx, email: string): Promise<AccountRow | null> {
  return (await db.account.findUnique({ where: { email } })) as AccountRow | null;
}

/** The account, locked until the transaction ends: whoever decides by its state or counts its parts comes through here. */
export async function lockAccount(tx: Tx, id: string): Promise<AccountRow | null> {
  await tx.$queryRaw`SELECT 1 FROM account WHERE id = ${id} FOR NO KEY UPDATE`;
  return findAccount(tx, id);
}

export async function insertAccount(tx: Tx, account: Prisma.AccountUncheckedCreateInput): Promise<AccountRow> {
  return (await tx.account.create({ data: account })) as AccountRow;
}

export async function updateAccount(tx: Tx, id: string, changes: Prisma.AccountUncheckedUpdateInput, now: Date): Promise<AccountRow> {
  return (await tx.account.update({ where: { id }, data: { ...changes, updatedAt: now } })) as AccountRow;
}

/** Accounts, newest first: up to `limit` after (before, when backward) the key. */
export async function listAccounts(
  db: Tx,
  criteria: AccountCriteria,
  page: { readonly limit: number; readonly isBackward: boolean; readonly from: { createdAt: Date; id: string } | null },
): Promise<AccountRow[]> {
  const beyond = page.isBackward ? 'gt' : 'lt';
  const order = page.isBackward ? 'asc' : 'desc';
  const { from } = page;
  const after: Prisma.AccountWhereInput = from
    ? { OR: [{ createdAt: { [beyond]: from.createdAt } }, { createdAt: from.createdAt, id: { [beyond]: from.id } }] }
    : {};
  const where = { AND: [criteriaOf(criteria), after] };
  return (await db.account.findMany({ where, orderBy: [{ createdAt: order }, { id: order }], take: page.limit })) as AccountRow[];
}

export function countAccounts(db: Tx, criteria: AccountCriteria): Promise<number> {
  return db.account.count({ where: criteriaOf(criteria) });
}

/** Ids of accounts whose erasure is due. */
export async function findDueErasures(db: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await db.account.findMany({ where: { erasureDueAt: { lte: now } }, select: { id: true }, take: limit });
  return rows.map(({ id }) => id);
}

function criteriaOf({ email, status, role }: AccountCriteria): Prisma.AccountWhereInput {
  return {
    ...(email !== null && { email: { contains: email } }),
    ...(status !== null && { status }),
    ...(role !== null && { roles: { has: role } }),
  };
}
