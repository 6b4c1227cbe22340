import type { Logger } from '@app/observability';
import type pg from 'pg';
import type { RegistryConfig } from '../config.ts';
import { PostgresStore } from '../data/postgres-store.ts';
import type { Publications } from '../data/publications.ts';
import type { Caller } from '../domain/rights.ts';
import type { SchemaJobs } from '../work/schema-jobs.ts';

/** What the routes are made of. */
export interface Parts {
  readonly config: RegistryConfig;
  readonly logger: Logger;
  readonly pool: pg.Pool;
  /** For writing; see PostgresStore. */
  readonly writes: pg.Pool;
  readonly publications: Publications;
  readonly jobs: SchemaJobs;
  readonly now: () => Date;
}

/** The store of a caller's graph. */
export function storeOf(
  { pool, writes, jobs, now, config }: Parts,
  caller: Pick<Caller, 'graph' | 'tokenId' | 'tokenName'>,
): PostgresStore {
  return new PostgresStore({ pool, writes, jobs, now, graph: caller.graph, who: caller, lockTimeoutMs: config.PUBLISH_WAIT_MS });
}
