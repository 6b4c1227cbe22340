import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import type { Queryable, Tx } from '../../data/database.ts';
import { readJson, toJson } from '../../data/json.ts';
import { findOrder, type OrderRow } from '../../data/order-rows.ts';
import { findPayments } from '../../data/payment-rows.ts';
import { findRun } from '../../data/run-rows.ts';
import type { OrderProblem } from '../../domain/order-problem.ts';
import { placementId } from '../../domain/run-ids.ts';
import type { Deps } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { firstLease } from './first-lease.ts';
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
  const lease = firstLease(deps);
  const caller = principal.kind === 'user' ? principal.id : `guest:${orderId}`;
  const outcome = await once(
    deps,
    { caller, mutation: 'orderPaymentRetry', key: input.idempotencyKey, body: { orderId, token } },
    async (tx) => {
      await takeOver(tx, orderId, token, lease);
      return orderId;
    },
    () => deps.runs.drive('place-order', placementId(orderId), lease),
  );
  return { ...outcome, problems: [...(await placementProblems(deps.db, orderId)), ...(await declineOf(deps.db, orderId))] };
}

function mayPay(principal: Principal, order: OrderRow): boolean {
  return order.accountId === null || isBuyer(principal, order);
}

/** The placement that waits for its customer gets the new token, and this process its lease. */
async function takeOver(tx: Tx, orderId: string, token: string, lease: Date): Promise<void> {
  const { order } = await lockOrder(tx, orderId);
  const run = await findRun(tx, placementId(orderId));
  if (order.status !== 'AWAITING_PAYMENT' || run === null) {
    throw new UserFault(
      conflict('ORDER_NOT_PAYABLE', `An order that is ${order.status} is not paid: see availableActions.`, order.version, ['orderId']),
    );
  }
  const known = readJson<{ attempt?: number }>(run.input) ?? {};
  const { count } = await tx.run.updateMany({
    where: { id: run.id, status: 'WAITING', leasedTo: run.leasedTo },
    data: { status: 'RUNNING', leasedTo: lease, input: toJson({ ...known, token, attempt: (known.attempt ?? 1) + 1 }) },
  });
  if (count === 0)
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
