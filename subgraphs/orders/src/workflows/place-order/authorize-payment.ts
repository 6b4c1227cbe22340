import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { finishKey } from '../../service/idempotency.ts';
import { type AttemptOutcome, authorizePayment as authorize } from '../../service/payments/authorize-payment.ts';
import { voidPayments } from '../../service/payments/void-payments.ts';
import { done, type RunContext, refused, type Step, type StepResult } from '../workflow.ts';

/** How often a payment that waits for its customer is looked at when nobody signals. */
const lookAgainMs = 5_000;

/** Holds the money. Waits for the customer when the provider asks for that. */
export const authorizePayment: Step = {
  name: 'authorize-payment',
  async run(context) {
    const { deps, orderId, input } = context;
    const attempt = input.attempt ?? 1;
    const order = await loadOrder(deps.db, orderId);
    if (order.status === 'CANCELLED') return refused({ reason: 'CANCELLED', message: 'The order was cancelled.' });
    if (order.totalMinor === 0) return done;
    if (attempt > 1) await voidPayments(deps, orderId, attempt);
    const outcome = await authorize(deps, { order, attempt, token: input.token });
    return resultOf(context, outcome, attempt);
  },
  compensate: ({ deps, orderId }) => voidPayments(deps, orderId),
};

async function resultOf(context: RunContext, outcome: AttemptOutcome, attempt: number): Promise<StepResult> {
  if (outcome.kind === 'authorized') return done;
  if (outcome.kind === 'declined') {
    const isFraud = outcome.code === 'suspected_fraud';
    // A declined further attempt leaves the time that the first one opened: the customer may try another card.
    if (attempt > 1 && !isFraud) return waitForCustomer(context, await expiryOf(context));
    return refused({
      reason: isFraud ? 'FRAUD_SUSPECTED' : 'PAYMENT_DECLINED',
      message: 'The payment was declined: try other means of payment.',
      declineCode: outcome.code,
      retryable: outcome.retryable,
    });
  }
  return waitForCustomer(context, outcome.expiresAt);
}

async function waitForCustomer({ deps, orderId, input }: RunContext, expiresAt: Date): Promise<StepResult> {
  if (expiresAt <= deps.now()) return refused({ reason: 'PAYMENT_TIMEOUT', message: 'The payment was not confirmed in time.' });
  await withTx(deps.db, async (tx: Tx) => {
    await tx.order.updateMany({
      where: { id: orderId, status: 'PENDING' },
      data: { status: 'AWAITING_PAYMENT', version: { increment: 1 } },
    });
    if (input.keyId !== undefined) await finishKey(tx, input.keyId);
  });
  return { kind: 'wait', until: new Date(Math.min(expiresAt.getTime(), deps.now().getTime() + lookAgainMs)) };
}

/** The end of the time that the first request for confirmation opened. */
async function expiryOf({ deps, orderId }: RunContext): Promise<Date> {
  const first = await deps.db.payment.findFirst({ where: { orderId, nextActionExpiresAt: { not: null } }, orderBy: { attempt: 'asc' } });
  return first?.nextActionExpiresAt ?? deps.now();
}
