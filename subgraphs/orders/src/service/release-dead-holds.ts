import type { Deps } from './deps.ts';
import { voidPayments } from './payments/void-payments.ts';

/** Younger ones are still being worked on. */
const restMs = 60_000;
/** A process that was asleep for longer than this has lost its connections as well. */
const watchMs = 24 * 60 * 60_000;

/**
 * Gives back what is held for orders that came to nothing. A process that slept, and was taken for dead, may hold money when it wakes up: after
 * somebody else gave the order up, looked at what was held, and found nothing. So such orders are looked at again for a day. Answers how many.
 */
export async function releaseDeadHolds(deps: Deps, limit = 20): Promise<number> {
  const now = deps.now().getTime();
  const attempts = await deps.db.paymentOperation.findMany({
    where: {
      kind: 'AUTHORIZE',
      status: { not: 'FAILED' },
      checkedAt: { lt: new Date(now - restMs) },
      payment: {
        voidedAt: null,
        order: { status: { in: ['REJECTED', 'EXPIRED', 'CANCELLED'] }, updatedAt: { gt: new Date(now - watchMs) } },
      },
    },
    orderBy: { checkedAt: 'asc' },
    take: limit,
    select: { key: true, payment: { select: { orderId: true } } },
  });
  for (const { key, payment } of attempts) {
    await voidPayments(deps, payment.orderId).catch((error: unknown) =>
      deps.logger.error({ err: error, key }, 'a hold of an order that came to nothing could not be given back'),
    );
    await deps.db.paymentOperation.update({ where: { key }, data: { checkedAt: deps.now() } });
  }
  return attempts.length;
}
