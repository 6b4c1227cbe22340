import { PrismaPg } from '@prisma/adapter-pg';
import { endingInSilence } from './silence.ts';

/** Settings of a process's database pool. */
export interface PoolOptions {
  /** Most connections held at once. */
  readonly maxConnections?: number;
  /** Wait for a free connection before failing, in milliseconds. */
  readonly acquireTimeoutMs?: number;
  /** Longest run of one statement in milliseconds: kept by Postgres itself. */
  readonly statementTimeoutMs?: number;
  /** How long a transaction may do nothing before Postgres ends it, in milliseconds. Default 15,000: longer than `withTx` lets one run. */
  readonly idleInTransactionMs?: number;
  /** A connection on which nothing came or went for so long is given up, in milliseconds. Default: longer than one may run a statement or be idle. */
  readonly silenceMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
}

const IDLE_MS = 30_000;

/** The Prisma driver adapter for a Postgres URL, with a bounded pool that fails rather than hangs. */
export function createAdapter(url: string, options: PoolOptions = {}): PrismaPg {
  const { statementTimeoutMs = 10_000 } = options;
  return new PrismaPg({
    connectionString: url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: statementTimeoutMs,
    // A machine that is gone does not say so: Postgres would keep its locks for as long as the kernel keeps the connection.
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? 15_000,
    stream: endingInSilence(options.silenceMs ?? Math.max(IDLE_MS, statementTimeoutMs) + 5_000),
    ...(options.applicationName !== undefined && { application_name: options.applicationName }),
  });
}
