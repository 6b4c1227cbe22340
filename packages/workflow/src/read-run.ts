import type { Run } from './run.ts';
import { findRun } from './run-table.ts';
import { type RawQueries, sqlOf } from './sql.ts';

/** A run as the given transaction, or database, sees it; null when there is none. For decisions that depend on one. */
export function readRun(on: RawQueries, id: string): Promise<Run | null> {
  return findRun(sqlOf(on), id);
}
