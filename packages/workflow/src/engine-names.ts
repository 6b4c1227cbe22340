import type { DBOSConfig } from '@dbos-inc/dbos-sdk';
import type { Observe } from './workflow-event.ts';

/** DBOS's tables are in a schema of their own, in the subgraph's database. */
export const dbosSchema = 'dbos';

/**
 * DBOS only continues runs of the version that they were started by. Ours are pinned one by one, to `name@version` of their definition, so this
 * stays the same from release to release; it changes when the order of what {@link runSaga} records changes.
 */
export const applicationVersion = 'saga-1';

/** DBOS's log as events. */
export function engineLog(observe: Observe): NonNullable<DBOSConfig['logger']> {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (entry: unknown) =>
    observe({ kind: 'engine', level, message: entry instanceof Error ? (entry.stack ?? entry.message) : String(entry) });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
