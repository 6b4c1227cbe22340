import { readConfig } from './config.ts';
import { consumersOf } from './consumers.ts';
import { openDatabase } from './data/client.ts';

/** What `events replay --module subgraphs/reviews/src/event-tool.ts` loads: the consumers on the configured database. */
export async function consumers() {
  return consumersOf(openDatabase(readConfig().databaseUrl, { maxConnections: 2, applicationName: 'reviews-replay' }));
}
