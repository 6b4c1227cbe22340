import pg from 'pg';
import { RegistryError } from '../registry-error.ts';

/** Runs statements: a pool, or the connection of one transaction. */
export type Queries = Pick<pg.ClientBase, 'query'>;

/** Options of {@link openDatabase}. */
export interface DatabaseOptions {
  readonly url: string;
  readonly statementTimeoutMs: number;
  /** Told about connections that broke while nobody used them. */
  readonly onError: (error: Error) => void;
}

const MOST_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 3_000;

/** A bounded pool that fails rather than hangs. */
export function openDatabase({ url, statementTimeoutMs, onError }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    application_name: 'registry',
    // Days of usage are those of UTC, whatever the server is set to.
    options: '-c TimeZone=UTC',
  });
  pool.on('error', onError);
  // One that is lost between two statements of a transaction is told by the next of them; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** JSON as Postgres takes it: its JSONB has no null character, which strings of GraphQL may have. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.replaceAll('\0', '\u{FFFD}') : part));
}

/** All or nothing. */
export async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Codes with which Postgres says that somebody else holds what is needed: lock timeout, statement cancelled, deadlock. */
const BUSY_CODES: readonly unknown[] = ['55P03', '57014', '40P01'];
/** Connection failures: SQLSTATE classes 08 and 57P, those of the socket, and the pool's own. */
const AWAY = /^(08|57P)|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT/;
const AWAY_MESSAGES = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** What a failure of the database means to who asked; undefined when it is not the database's. */
export function databaseFailure(error: unknown): RegistryError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (BUSY_CODES.includes(code))
    return new RegistryError('BUSY', 'The registry is busy with another change of this graph: try again in a moment.', { cause: error });
  if (AWAY.test(code) || AWAY_MESSAGES.test(error.message))
    return new RegistryError('DATABASE_AWAY', 'The registry cannot reach its database: try again in a moment.', { cause: error });
  return undefined;
}
