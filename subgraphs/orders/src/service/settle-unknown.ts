import type { Deps } from './deps.ts';
import { performMove } from './payments/move-money.ts';

/** Younger calls are probably still running where they began. */
const settledAfterMs = 60_000;

/**
 * Finishes what a process left half done: moves of money whose outcome nobody knows are asked for again under their key,
 * and calls whose process died before it could say so count as made. Answers how many moves were looked at.
 */
export async function settleUnknown(deps: Deps, limit = 20): Promise<number> {
  const before = new Date(deps.now().getTime() - settledAfterMs);
  await deps.db.idempotencyKey.updateMany({
    where: { done: false, orderId: { not: null }, createdAt: { lt: before } },
    data: { done: true },
  });
  const moves = await deps.db.paymentOperation.findMany({
    where: { kind: { in: ['CAPTURE', 'REFUND'] }, status: { in: ['PENDING', 'UNKNOWN'] }, checkedAt: { lt: before } },
    orderBy: { checkedAt: 'asc' },
    take: limit,
    select: { key: true },
  });
  for (const { key } of moves) {
    // Written down first: one that cannot be asked for goes behind the others.
    await deps.db.paymentOperation.update({ where: { key }, data: { checkedAt: deps.now() } });
    await performMove(deps, key).catch((error: unknown) => deps.logger.error({ err: error, key }, 'an outcome could not be asked for'));
  }
  return moves.length;
}
