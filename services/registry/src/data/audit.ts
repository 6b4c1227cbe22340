import { jsonOf, type Queries } from './database.ts';

/** Something that somebody did. */
export interface AuditEntry {
  readonly graph: string;
  readonly who: string;
  readonly action: 'published' | 'publish refused' | 'rolled back' | 'operations registered' | 'token created' | 'token revoked';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Adds an entry, in the transaction of what it tells of. */
export async function recordAudit(db: Queries, { graph, who, action, detail }: AuditEntry): Promise<void> {
  await db.query('INSERT INTO audit (graph, who, action, detail) VALUES ($1, $2, $3, $4)', [graph, who, action, jsonOf(detail)]);
}

/** The newest entries of a graph, newest first. */
export async function readAudit(db: Queries, graph: string, limit: number): Promise<(AuditEntry & { readonly at: Date })[]> {
  const { rows } = await db.query<AuditEntry & { at: Date }>(
    'SELECT graph, who, action, detail, at FROM audit WHERE graph = $1 ORDER BY id DESC LIMIT $2',
    [graph, limit],
  );
  return rows;
}
