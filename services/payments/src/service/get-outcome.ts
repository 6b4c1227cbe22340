import { findOperation, type OperationRow } from '../data/database.ts';
import { OutcomeUnknown, type ProviderStatus } from '../provider/payment-provider.ts';
import { settleAuthorization } from './authorize.ts';
import type { Deps } from './deps.ts';
import { settleMove } from './move-money.ts';
import { type Authorization, authorizationOf, type Movement, movementOf } from './outcome.ts';

/** What became of a command; `never_seen` when it did not arrive at the provider. */
export type Outcome = Authorization | Movement | { readonly kind: 'never_seen' };

/**
 * What became of the command with a key. What is not settled is asked for at the provider, and then written down: a customer who has
 * confirmed is seen here also when the webhook that says so is late.
 * @throws {OutcomeUnknown} when the provider cannot be asked.
 */
export async function getOutcome(deps: Deps, key: string): Promise<Outcome> {
  const operation = await findOperation(deps.db, key);
  if (operation === null) return { kind: 'never_seen' };
  if (operation.status === 'SUCCEEDED' || operation.status === 'FAILED') return storedOf(operation);
  return learn(deps, operation, await deps.provider.status(key));
}

function storedOf(operation: OperationRow): Outcome {
  const stored = operation.kind === 'AUTHORIZE' ? authorizationOf(operation) : movementOf(operation);
  if (stored === null) throw new OutcomeUnknown(`nothing is known of ${operation.key}`);
  return stored;
}

async function learn(deps: Deps, { key }: OperationRow, status: ProviderStatus): Promise<Outcome> {
  switch (status.kind) {
    case 'never_seen':
      return status;
    case 'succeeded':
    case 'failed':
      return settleMove(deps, key, status);
    case 'authorized':
    case 'declined':
    case 'requires_action':
      return settleAuthorization(deps, key, status);
  }
}

/** Younger calls are probably still running where they began. */
const restMs = 30_000;

/**
 * Asks for outcomes that nobody learned: of processes that died, and of answers that were lost. A move that never arrived stays as it is:
 * whoever wanted it repeats it. Answers how many were looked at.
 */
export async function learnUnknown(deps: Deps, limit = 20): Promise<number> {
  const operations = await deps.db.operation.findMany({
    where: { status: { in: ['PENDING', 'UNKNOWN'] }, checkedAt: { lt: new Date(deps.now().getTime() - restMs) } },
    orderBy: { checkedAt: 'asc' },
    take: limit,
  });
  for (const { key } of operations) {
    await deps.db.operation.update({ where: { key }, data: { checkedAt: deps.now() } });
    await getOutcome(deps, key).catch((error: unknown) => {
      if (!(error instanceof OutcomeUnknown)) throw error;
    });
  }
  return operations.length;
}
