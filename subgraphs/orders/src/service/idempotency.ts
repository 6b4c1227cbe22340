import { createHash } from 'node:crypto';
import { newId, withTx } from '@app/database';
import { conflict, type InputCheck, idempotencyKeyRule, RateLimitedError, UserFault, userError } from '@app/subgraph';
import type { Queryable, Tx } from '../data/database.ts';
import type { Deps } from './deps.ts';

/** A call that must have its effect once. */
export interface KeyedCall {
  /** Account id, or `guest:` and the capability that was used. */
  readonly caller: string;
  readonly mutation: string;
  readonly key: string;
  /** Everything that makes it this call: selector arguments and input without the key. */
  readonly body: unknown;
}

/** What came of a keyed call. */
export interface KeyedOutcome {
  readonly orderId: string;
  readonly replayed: boolean;
}

const keyPath = ['input', 'idempotencyKey'];

/** Checks the form of a key. */
export function checkKey(check: InputCheck, key: string): string {
  return check.text(key, keyPath, idempotencyKeyRule);
}

/**
 * Runs `begin` in one transaction together with storing the key; then `after`, outside of it. A repeated call does
 * neither and answers the same order. A fault in `begin` stores nothing: the key is free again.
 * @throws {UserFault} IDEMPOTENCY_KEY_REUSED for another body, IDEMPOTENCY_IN_PROGRESS while the first call runs.
 */
export async function once(
  deps: Deps,
  call: KeyedCall,
  begin: (tx: Tx, keyId: string) => Promise<string>,
  after?: (orderId: string) => Promise<void>,
): Promise<KeyedOutcome> {
  const earlier = await findReplay(deps.db, call);
  if (earlier) return earlier;
  try {
    const { orderId, keyId } = await withTx(deps.db, async (tx: Tx) => {
      const keyId = await storeKey(tx, call);
      const orderId = await begin(tx, keyId);
      await tx.idempotencyKey.update({ where: { id: keyId }, data: { orderId, done: after === undefined } });
      return { orderId, keyId };
    });
    if (after) {
      await after(orderId);
      await finishKey(deps.db, keyId);
    }
    return { orderId, replayed: false };
  } catch (error) {
    // Whoever was faster with this key is the reason for most faults here: then its answer is the answer.
    if (error instanceof UserFault || error instanceof KeyTaken) {
      const winner = await findReplay(deps.db, call);
      if (winner) return winner;
    }
    throw error;
  }
}

class KeyTaken extends Error {}

/** What an earlier call with this key made; null when there was none. */
export async function findReplay(db: Queryable, call: KeyedCall): Promise<KeyedOutcome | null> {
  const { caller, mutation, key } = call;
  const row = await db.idempotencyKey.findUnique({ where: { caller_mutation_key: { caller, mutation, key } } });
  if (row === null) return null;
  if (row.fingerprint !== fingerprint(call.body)) {
    throw new UserFault(
      conflict('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used for something else: make a new one.', null, keyPath),
    );
  }
  if (!row.done || row.orderId === null) {
    const facts = {
      code: 'IDEMPOTENCY_IN_PROGRESS',
      message: 'The first call with this key is still running: ask again in a moment.',
      path: keyPath,
    };
    throw new UserFault(userError(RateLimitedError, facts, { retryAfterSeconds: 1 }));
  }
  return { orderId: row.orderId, replayed: true };
}

/** Waits for another transaction that stores the same key, then fails if that one committed. */
async function storeKey(tx: Tx, { caller, mutation, key, body }: KeyedCall): Promise<string> {
  const id = newId('idk');
  const { count } = await tx.idempotencyKey.createMany({
    data: [{ id, caller, mutation, key, fingerprint: fingerprint(body) }],
    skipDuplicates: true,
  });
  if (count === 0) throw new KeyTaken();
  return id;
}

/** Marks the outcome of a call as final: from now on it is replayed. */
export async function finishKey(db: Queryable, keyId: string): Promise<void> {
  await db.idempotencyKey.updateMany({ where: { id: keyId, done: false }, data: { done: true } });
}

/** SHA-256 of a value whatever the order of its fields. */
function fingerprint(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const written = fields
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${written.join(',')}}`;
}
