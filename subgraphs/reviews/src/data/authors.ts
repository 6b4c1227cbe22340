import type { Tx } from './client.ts';

/** Names of those who write, by id. */
export async function findAuthorNames(db: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.author.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map(({ id, displayName }) => [id, displayName]));
}

export async function saveAuthor(tx: Tx, id: string, displayName: string): Promise<void> {
  await tx.author.upsert({ where: { id }, create: { id, displayName }, update: { displayName } });
}

export async function deleteAuthor(tx: Tx, id: string): Promise<void> {
  await tx.author.deleteMany({ where: { id } });
}
