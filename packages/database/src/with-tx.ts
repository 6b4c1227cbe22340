import { setTimeout as delay } from 'node:timers/promises';
import { isConflict } from './errors.ts';

/** The part of a generated Prisma client that transactions need. */
export interface TransactionHost<Tx> {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { isolationLevel?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable'; maxWait?: number; timeout?: number },
  ): Promise<Result>;
}

/** How a transaction runs. */
export interface TxOptions {
  /** Postgres isolation; its default, READ COMMITTED, when not given. */
  readonly isolation?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
  /** Tries in all when Postgres asks for a retry (serialization failure, deadlock). */
  readonly attempts?: number;
  /** Longest run of one try in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Runs `work` in one transaction: all of it is committed or nothing. Tried again with growing, random pauses when
 * Postgres reports a serialization failure or a deadlock (SQLSTATE 40001, 40P01), so `work` must have no effect outside
 * the transaction.
 */
export async function withTx<Tx, Result>(
  client: TransactionHost<Tx>,
  work: (tx: Tx) => Promise<Result>,
  options: TxOptions = {},
): Promise<Result> {
  const attempts = options.attempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.$transaction(work, {
        ...(options.isolation && { isolationLevel: options.isolation }),
        maxWait: 5_000,
        timeout: options.timeoutMs ?? 10_000,
      });
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
      await delay(Math.random() * 10 * 2 ** attempt);
    }
  }
}
