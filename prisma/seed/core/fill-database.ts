import pg from 'pg';
import { type Town, towns } from '../world.ts';

/** Values by column name. Dates and nested values are written as JSON and cast by the column's type. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of one table; all of them have the same columns. */
export interface TableRows {
  readonly table: string;
  readonly rows: readonly Row[];
  /** Rows that several towns share: those already there stay as they are. */
  readonly isShared?: boolean;
}

/** How one database is filled. */
export interface Filling {
  /** A row that is there exactly when the town is. */
  marker(town: Town): { readonly table: string; readonly id: string };
  /** Everything of one town, parents before children. */
  rowsOf(town: Town): readonly TableRows[] | Promise<readonly TableRows[]>;
}

/** How far it is; `done` of `total` steps, the last one being 1 of 1 when there was nothing to do. */
export interface SeedProgress {
  readonly done: number;
  readonly total: number;
  /** What was written last, for people. */
  readonly step: string;
}

export interface SeedOptions {
  /** A role that may write rows. */
  readonly databaseUrl: string;
  /** How many times the default data; a whole number from 1. */
  readonly scale: number;
  readonly onProgress?: (progress: SeedProgress) => void;
}

export interface SeedResult {
  /** Rows written by this run; 0 when everything was there. */
  readonly rows: number;
}

const BATCH_ROWS = 2_000;
/** Any number does; it keeps two seeds of one database apart. */
const SEED_LOCK = 5_200_613;

/**
 * Writes the towns that a database lacks, each in one transaction: a town is there completely or not at all,
 * and running it again, or with a larger scale, adds only what is missing.
 */
export async function fillDatabase({ databaseUrl, scale, onProgress }: SeedOptions, filling: Filling): Promise<SeedResult> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let rows = 0;
    for (const town of towns(scale)) {
      const report = (share: number, step: string): void =>
        onProgress?.({ done: Math.round((town.index + share) * 1_000), total: scale * 1_000, step });
      rows += await fillTown({ client, town, filling, report });
      report(1, `town ${town.index + 1} of ${scale}`);
    }
    if (rows > 0) await client.query('ANALYZE');
    return { rows };
  } finally {
    await client.end();
  }
}

interface TownContext {
  readonly client: pg.Client;
  readonly town: Town;
  readonly filling: Filling;
  readonly report: (share: number, step: string) => void;
}

async function fillTown({ client, town, filling, report }: TownContext): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
    const written = (await isThere(client, filling.marker(town))) ? 0 : await writeAll(client, await filling.rowsOf(town), report);
    await client.query('COMMIT');
    return written;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function isThere(client: pg.Client, { table, id }: { table: string; id: string }): Promise<boolean> {
  const found = await client.query(`SELECT 1 FROM ${pg.escapeIdentifier(table)} WHERE id = $1`, [id]);
  return found.rowCount !== 0;
}

async function writeAll(client: pg.Client, tables: readonly TableRows[], report: TownContext['report']): Promise<number> {
  const total = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  let written = 0;
  for (const { table, rows, isShared } of tables) {
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      const batch = rows.slice(from, from + BATCH_ROWS);
      await writeBatch(client, { table, rows: batch, isShared: isShared ?? false });
      written += batch.length;
      report(written / total, table);
    }
  }
  return total;
}

/** One statement per batch; the table's own row type casts every value, so this knows no column types. */
async function writeBatch(client: pg.Client, { table, rows, isShared }: TableRows): Promise<void> {
  const name = pg.escapeIdentifier(table);
  const columns = Object.keys(rows[0] ?? {})
    .map((column) => pg.escapeIdentifier(column))
    .join(', ');
  const conflict = isShared ? 'ON CONFLICT DO NOTHING' : '';
  const sql = `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${name}, $1::json) ${conflict}`;
  await client.query(sql, [JSON.stringify(rows)]);
}
