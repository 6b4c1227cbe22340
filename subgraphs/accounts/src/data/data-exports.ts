import type { DataExport, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type DataExportRow = DataExport;
/** A JSON object as Prisma writes it. */
export type JsonObject = Prisma.InputJsonObject;

export function findExportsOf(db: Tx, accountIds: readonly string[]): Promise<DataExportRow[]> {
  return db.dataExport.findMany({ where: { accountId: { in: [...accountIds] } }, orderBy: { requestedAt: 'desc' } });
}

export function findExports(db: Tx, ids: readonly string[]): Promise<DataExportRow[]> {
  return db.dataExport.findMany({ where: { id: { in: [...ids] } } });
}

export function insertExport(tx: Tx, row: Prisma.DataExportUncheckedCreateInput): Promise<DataExportRow> {
  return tx.dataExport.create({ data: row });
}

/** Keeps the newest exports of an account: each holds a copy of everything. */
export async function deleteOlderExports(tx: Tx, accountId: string, keep: number): Promise<void> {
  const old = await tx.dataExport.findMany({ where: { accountId }, orderBy: { requestedAt: 'desc' }, skip: keep, select: { id: true } });
  await tx.dataExport.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
}

export async function deleteExpiredExports(db: Tx, now: Date): Promise<number> {
  return (await db.dataExport.deleteMany({ where: { expiresAt: { lt: now } } })).count;
}
