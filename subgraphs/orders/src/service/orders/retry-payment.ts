import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import { readRun } from '@app/workflow';
import type { Queryable, Tx } from '../../data/database.ts';
import { findOrder, type OrderRow } from '../../data/order-rows.ts';
import { findPayments } from '../../data/payment-rows.ts';
import type { OrderProblem } from '../../domain/order-problem.ts';
import { placementId } from '../../domain/run-ids.ts';
import { type Deps, restMs } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { lockOrder } from './lock-order.ts';
import { isBuyer } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { placementProblems } from './placement-problems.ts';

/** Another means of payment. */
export interface PaymentRetry {
  readonly paymentMethodToken: string;
  readonly idempotencyKey: string;
}

/**
 * Tries to pay an order that awaits payment once more: the placement that waits is continued with another attempt. A
 * guest's order is paid by whoever knows its id, which nobody guesses.
 * @throws {UserFault} ORDER_NOT_PAYABLE, PAYMENT_IN_PROGRESS …
 */
export async function retryPayment(deps: Deps, principal: Principal, orderId: string, input: PaymentRetry): Promise<OrderOutcome> {
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  const token = check.text(input.paymentMethodToken, ['input', 'paymentMethodToken'], { max: 200 });
  check.finish();
  const order = isId('ord', orderId) ? await findOrder(deps.db, orderId) : null;
  if (order === null || !mayPay(principal, order)) throw new UserFault(notFound('order', orderId, ['orderId']));
  const caller = principal.kind === 'user' ? principal.id : `guest:${orderId}`;
  const outcome = await once(
    deps,
    { caller, mutation: 'orderPaymentRetry', key: input.idempotencyKey, body: { orderId, token } },
    async (tx) => {
      await takeOver(deps, tx, orderId, token);
      return orderId;
    },
    () => deps.runs.rest(placementId(orderId), restMs),
  );
  return { ...outcome, problems: [...(await placementProblems(deps.db, orderId)), ...(await declineOf(deps.db, orderId))] };
}

function mayPay(principal: Principal, order: OrderRow): boolean {
  return order.accountId === null || isBuyer(principal, order);
}

/** The placement that waits for its customer goes on with the new token. */
async function takeOver({ runs }: Deps, tx: Tx, orderId: string, token: string): Promise<void> {
  const { order } = await lockOrder(tx, orderId);
  const run = await readRun(tx, placementId(orderId));
  if (order.status !== 'AWAITING_PAYMENT' || run === null) {
    throw new UserFault(
      conflict('ORDER_NOT_PAYABLE', `An order that is ${order.status} is not paid: see availableActions.`, order.version, ['orderId']),
    );
  }
  const attempt = typeof run.input['attempt'] === 'number' ? run.input['attempt'] : 1;
  if (!(await runs.amend(tx, run.id, { token, attempt: attempt + 1 })))
    throw new UserFault(
      conflict('PAYMENT_IN_PROGRESS', 'A payment is just being tried: ask again in a moment.', order.version, ['orderId']),
    );
}

/** A declined further attempt leaves the order waiting: the customer may try again. */
async function declineOf(db: Queryable, orderId: string): Promise<OrderProblem[]> {
  const last = (await findPayments(db, [orderId])).at(-1);
  const order = await findOrder(db, orderId);
  if (order?.status !== 'AWAITING_PAYMENT' || !last?.declineCode) return [];
  return [
    {
      kind: 'payment_declined',
      message: 'The payment was declined: try other means of payment.',
      declineCode: last.declineCode,
      retryable: true,
    },
  ];
}
