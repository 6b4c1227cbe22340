import { type Finding, hasErrors } from '@app/schema-registry';
import { jsonOf, type Queries } from './database.ts';

/** A check that somebody ran. */
export interface RecordedCheck {
  readonly id: string;
  readonly at: Date;
  readonly who: string;
  /** The version that the change was compared with; null when there was none. */
  readonly base: number | null;
  readonly subgraphs: readonly string[];
  readonly isOk: boolean;
  readonly findings: readonly Finding[];
}

const columns = 'id, at, who, base, subgraphs, is_ok AS "isOk"';

/** Keeps a check and returns its id. */
export async function recordCheck(
  db: Queries,
  graph: string,
  { who, base, subgraphs, findings }: Pick<RecordedCheck, 'who' | 'base' | 'subgraphs' | 'findings'>,
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    'INSERT INTO schema_check (graph, who, base, subgraphs, is_ok, findings) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
    [graph, who, base, subgraphs, !hasErrors(findings), jsonOf(findings)],
  );
  return rows[0]?.id ?? '';
}

/** The newest checks of a graph, without their findings. */
export async function readChecks(db: Queries, graph: string, limit: number): Promise<Omit<RecordedCheck, 'findings'>[]> {
  const { rows } = await db.query(`SELECT ${columns} FROM schema_check WHERE graph = $1 ORDER BY id DESC LIMIT $2`, [graph, limit]);
  return rows;
}

/** One check of a graph; undefined when there is none. */
export async function readCheck(db: Queries, graph: string, id: string): Promise<RecordedCheck | undefined> {
  const { rows } = await db.query(`SELECT ${columns}, findings FROM schema_check WHERE graph = $1 AND id = $2`, [graph, id]);
  return rows[0];
}
