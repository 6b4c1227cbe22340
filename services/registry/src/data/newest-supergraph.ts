import type { Queries } from './database.ts';

/** The supergraph that gateways of a graph should serve. */
export interface NewestSupergraph {
  readonly number: number;
  /** SHA-256 of the SDL. */
  readonly hash: string;
}

/** Which supergraph is the newest of a graph; undefined when nothing was published. */
export async function newestSupergraph(db: Queries, graph: string): Promise<NewestSupergraph | undefined> {
  const { rows } = await db.query<NewestSupergraph>(
    'SELECT number, supergraph AS hash FROM version WHERE graph = $1 ORDER BY number DESC LIMIT 1',
    [graph],
  );
  return rows[0];
}

/** The text of a supergraph. */
export async function supergraphText(db: Queries, hash: string): Promise<string> {
  const { rows } = await db.query<{ text: string }>('SELECT text FROM schema_text WHERE hash = $1', [hash]);
  return rows[0]?.text ?? '';
}
