import type { Deps } from './deps.ts';
import { voidPayments } from './payments/void-payments.ts';

/** Younger ones are still being worked on. */
const restMs = 60_000;
/** A process that was asleep for longer than this has lost its connections as well. */
const watchMs = 24 * 60 * 60_000;

/**
 * Gives back what is held for nothing: for an order that came to nothing, and beside what was taken of one whose goods came back before they were
 * paid for. A process that slept, and was taken for dead, may hold money when it wakes up: after somebody else gave the order up, looked at what
 * was held, and found nothing. So such orders are looked at again for a day. Answers how many.
 */
export async function releaseDeadHolds(deps: Deps, limit = 20): Promise<number> {
  const now = deps.now().getTime();
  const attempts = await deps.db.$queryRaw<{ key: string; orderId: string }[]>`
    SELECT attempt.key, payment.order_id AS "orderId"
    FROM payment_operation AS attempt JOIN payment ON payment.id = attempt.payment_id JOIN orders ON orders.id = payment.order_id
    WHERE attempt.kind = 'AUTHORIZE' AND attempt.status <> 'FAILED' AND attempt.checked_at < ${new Date(now - restMs)}
      AND payment.voided_at IS NULL AND orders.updated_at > ${new Date(now - watchMs)}
      AND (orders.status IN ('REJECTED', 'EXPIRED', 'CANCELLED')
        OR (waived_minor > 0 AND captured_minor + waived_minor >= authorized_minor))
    ORDER BY attempt.checked_at LIMIT ${limit}`;
  for (const { key, orderId } of attempts) {
    await voidPayments(deps, orderId).catch((error: unknown) =>
      deps.logger.error({ err: error, key }, 'a hold that nothing needs could not be given back'),
    );
    await deps.db.paymentOperation.update({ where: { key }, data: { checkedAt: deps.now() } });
  }
  return attempts.length;
}
