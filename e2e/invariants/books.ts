import pg from 'pg';

/** All databases, to be read and never written. */
export interface Books extends AsyncDisposable {
  /** Names of the databases, in the order of the subgraphs. */
  readonly names: readonly string[];
  /** What is younger than this may still be on its way and is not held against anybody. */
  readonly graceSeconds: number;
  /** How long an order may wait for a service that does not answer; orders gives up after ten minutes. */
  readonly patienceSeconds: number;
  /** Rows of a SELECT. */
  read<Row extends pg.QueryResultRow>(database: string, sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Whether a database is there and has a table. Lets one list of invariants outlive a table that moves. */
  has(database: string, table: string): Promise<boolean>;
}

/** Opens one connection for each database: what is begun on it holds for all that is read. */
export function openBooks(
  urls: Readonly<Record<string, string>>,
  { graceSeconds, patienceSeconds = 600 }: { readonly graceSeconds: number; readonly patienceSeconds?: number },
): Books {
  const pools = new Map(
    Object.entries(urls).map(([name, url]) => [name, new pg.Pool({ connectionString: url, max: 1, application_name: 'invariants' })]),
  );
  // A connection that is cut while it is idle shows when it is next used.
  for (const pool of pools.values()) pool.on('error', () => undefined);
  const read: Books['read'] = async <Row extends pg.QueryResultRow>(database: string, sql: string, values: readonly unknown[] = []) => {
    const pool = pools.get(database);
    if (pool === undefined) throw new Error(`there is no database "${database}", but ${[...pools.keys()].join(', ')}`);
    return (await pool.query<Row>(sql, [...values])).rows;
  };
  return {
    names: [...pools.keys()],
    graceSeconds,
    patienceSeconds,
    read,
    async has(database, table) {
      if (!pools.has(database)) return false;
      const [row] = await read<{ found: string | null }>(database, 'SELECT to_regclass($1)::text AS found', [table]);
      return row?.found !== null;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}
