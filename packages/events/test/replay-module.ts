import pg from 'pg';
import { pgTransactor } from '../src/transaction.ts';
import { journalOf } from './counted.ts';

/** A module for `events replay`, as a subgraph has one; the database is told by the test. */
export function open(env: Readonly<Record<string, string | undefined>>) {
  const pool = new pg.Pool({ connectionString: env['REPLAY_DATABASE_URL'] });
  const consumer = { name: 'c', sources: ['test'], subscriptions: [journalOf('c')], transaction: pgTransactor(pool) };
  return { consumers: [consumer], close: () => pool.end() };
}
