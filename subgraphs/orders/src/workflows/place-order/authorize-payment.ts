import { withTx } from '@app/database';
import { done, refused, type StepResult, waitFor } from '@app/workflow';
import type { Tx } from '../../data/database.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { finishKey } from '../../service/idempotency.ts';
import {
  type AttemptOutcome,
  authorizePayment as authorize,
  confirmationEnd,
  confirmWithinMs,
} from '../../service/payments/authorize-payment.ts';
import { voidPayments } from '../../service/payments/void-payments.ts';
import { callTimeoutMs, type OrderContext, type OrderRefusal, type OrderStep } from '../workflow.ts';
import { keepHold } from './reserve-stock.ts';

/** Sent when the provider has news of an order's payment. */
export const paymentSignal = 'payment';

/** A payment that waits for its customer is looked at, when nobody signals, after this long at first and after that at last. */
const lookAgainMs = { first: 5_000, last: 60_000 };

/** Holds the money. Waits for the customer when the provider asks for that. */
export const authorizePayment: OrderStep = {
  name: 'authorize-payment',
  timeoutMs: callTimeoutMs,
  async run(context) {
    const { deps, subject: orderId, input } = context;
    const attempt = input.attempt ?? 1;
    const order = await loadOrder(deps.db, orderId);
    if (order.status === 'CANCELLED') return refused({ reason: 'CANCELLED', message: 'The order was cancelled.' });
    const held = await keepHold(context);
    if (held.kind === 'refused' || order.totalMinor === 0) return held;
    if (attempt > 1) await voidPayments(deps, orderId, attempt);
    const outcome = await authorize(deps, { order, attempt, token: input.token });
    return resultOf(context, outcome, attempt);
  },
  compensate: ({ deps, subject: orderId }) => voidPayments(deps, orderId),
};

async function resultOf(context: OrderContext, outcome: AttemptOutcome, attempt: number): Promise<StepResult<OrderRefusal>> {
  if (outcome.kind === 'authorized') return done();
  if (outcome.kind === 'declined') {
    const isFraud = outcome.code === 'suspected_fraud';
    // A declined further attempt leaves the time that the first one opened: the customer may try another card.
    if (attempt > 1 && !isFraud) {
      return waitForCustomer(context, (await confirmationEnd(context.deps.db, context.subject)) ?? context.deps.now());
    }
    return refused({
      reason: isFraud ? 'FRAUD_SUSPECTED' : 'PAYMENT_DECLINED',
      message: 'The payment was declined: try other means of payment.',
      declineCode: outcome.code,
      retryable: outcome.retryable,
    });
  }
  return waitForCustomer(context, outcome.expiresAt);
}

async function waitForCustomer({ deps, subject: orderId, input }: OrderContext, expiresAt: Date): Promise<StepResult<OrderRefusal>> {
  if (expiresAt <= deps.now()) return refused({ reason: 'PAYMENT_TIMEOUT', message: 'The payment was not confirmed in time.' });
  await withTx(deps.db, async (tx: Tx) => {
    await tx.order.updateMany({
      where: { id: orderId, status: 'PENDING' },
      data: { status: 'AWAITING_PAYMENT', version: { increment: 1 } },
    });
    if (input.keyId !== undefined) await finishKey(tx, input.keyId);
  });
  const now = deps.now().getTime();
  const waitedMs = confirmWithinMs - (expiresAt.getTime() - now);
  const pauseMs = Math.min(Math.max(lookAgainMs.first, waitedMs / 4), lookAgainMs.last);
  return waitFor(new Date(Math.min(expiresAt.getTime(), now + pauseMs)), paymentSignal);
}
