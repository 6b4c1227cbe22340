import type { Tx } from './client.ts';

/** A key as it is used: by whom, where, and with what. */
export interface KeyUse {
  readonly callerId: string;
  readonly mutation: string;
  readonly key: string;
  /** Hash of everything that was sent with it. */
  readonly fingerprint: string;
  /** What is answered when the same is sent again. */
  readonly response: object;
}

/**
 * Takes the key for this transaction: `new`, or what it was used for before. A second transaction with the same key waits
 * here for the first one; when that is rolled back, the key is free again.
 */
export async function claimKey(tx: Tx, use: KeyUse): Promise<'new' | { readonly fingerprint: string; readonly response: unknown }> {
  const response = JSON.stringify(use.response);
  const inserted = await tx.$executeRaw`
    INSERT INTO idempotency_key (caller_id, mutation, key, fingerprint, response)
    VALUES (${use.callerId}, ${use.mutation}, ${use.key}, ${use.fingerprint}, ${response}::jsonb) ON CONFLICT DO NOTHING`;
  if (inserted === 1) return 'new';
  const where = { callerId_mutation_key: { callerId: use.callerId, mutation: use.mutation, key: use.key } };
  return tx.idempotencyKey.findUniqueOrThrow({ where, select: { fingerprint: true, response: true } });
}

/** Forgets keys that were used before then. */
export async function forgetKeys(db: Tx, before: Date): Promise<number> {
  return (await db.idempotencyKey.deleteMany({ where: { createdAt: { lt: before } } })).count;
}
