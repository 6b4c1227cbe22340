import { PrismaPg } from '@prisma/adapter-pg';

/** Settings of a process's database pool. */
export interface PoolOptions {
  /** Most connections held at once. */
  readonly maxConnections?: number;
  /** Wait for a free connection before failing, in milliseconds. */
  readonly acquireTimeoutMs?: number;
  /** Longest run of one statement in milliseconds: kept by Postgres itself. */
  readonly statementTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
}

/** The Prisma driver adapter for a Postgres URL, with a bounded pool that fails rather than hangs. */
export function createAdapter(url: string, options: PoolOptions = {}): PrismaPg {
  return new PrismaPg({
    connectionString: url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    ...(options.applicationName !== undefined && { application_name: options.applicationName }),
  });
}
