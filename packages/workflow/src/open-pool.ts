import { endingInSilence } from '@app/database/silence';
import { Pool } from 'pg';
import type { Observe } from './workflow-event.ts';

/** How many connections to which database, under which name. */
export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly max: number;
  /** How long database and pool may be silent before each holds the other for gone, in milliseconds. Default 30,000. */
  readonly silenceMs?: number | undefined;
  readonly observe: Observe;
}

/** A pool whose connections may be lost at any moment without ending the process. */
export function openPool({ url, applicationName, max, silenceMs = 30_000, observe }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    idle_in_transaction_session_timeout: silenceMs,
    stream: endingInSilence(silenceMs),
  });
  pool.on('error', (error) => observe({ kind: 'trouble', where: 'pool', error }));
  // One that is lost between two statements is told by the next of them; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
