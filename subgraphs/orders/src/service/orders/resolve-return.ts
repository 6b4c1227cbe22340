import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { publish } from '@app/events';
import { ReturnReceived } from '@app/events/catalogue/return.events';
import { currentRequest } from '@app/observability';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findReturns, type ReturnRow } from '../../data/order-parts.ts';
import { amountDue, costOfReturn } from '../../domain/amount-due.ts';
import { receiptId } from '../../domain/run-ids.ts';
import type { ReturnDecision } from '../../domain/statuses.ts';
import { type Deps, restMs } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { deriveFulfillment, type LockedOrder, lockOrder } from './lock-order.ts';
import { requireScope } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { capturableOf, refundableOf } from './order-state.ts';

/** A decision about a return. */
export interface ReturnResolution {
  readonly decision: ReturnDecision;
  readonly refund?: { readonly minor: number; readonly currency: string } | null;
  readonly idempotencyKey: string;
}

/** Decides about a return, or notes its arrival: then a durable run puts stock back and refunds. @throws {UserFault} */
export async function resolveReturn(deps: Deps, principal: Principal, returnId: string, input: ReturnResolution): Promise<OrderOutcome> {
  requireScope(principal, 'orders:write');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  if (input.refund) check.integer(input.refund.minor, ['input', 'refund', 'minor'], { min: 0, max: Number.MAX_SAFE_INTEGER });
  check.finish();
  const known = isId('ret', returnId) ? await deps.db.return.findUnique({ where: { id: returnId } }) : null;
  if (!known) throw new UserFault(notFound('return', returnId));
  const actor = principal.kind === 'user' ? principal.id : 'system';
  const { idempotencyKey, ...body } = input;
  const call = { caller: actor, mutation: 'returnResolve', key: idempotencyKey, body: { returnId, ...body } };
  const begin = async (tx: Tx) => {
    const locked = await lockOrder(tx, known.orderId);
    const current = (await findReturns(tx, [known.orderId])).find(({ id }) => id === returnId);
    if (!current) throw new UserFault(notFound('return', returnId));
    await decide(tx, { locked, current, input, actor });
    if (input.decision === 'MARK_RECEIVED')
      await deps.runs.start(tx, 'receive-return', { id: receiptId(returnId), orderId: known.orderId, input: { returnId } });
    return known.orderId;
  };
  if (input.decision !== 'MARK_RECEIVED') return once(deps, call, begin);
  return once(deps, call, begin, () => deps.runs.rest(receiptId(returnId), restMs));
}

interface Decision {
  readonly locked: LockedOrder;
  readonly current: ReturnRow;
  readonly input: ReturnResolution;
  readonly actor: string;
}

const moves = {
  APPROVE: { from: 'REQUESTED', to: 'APPROVED', message: 'The return was approved.' },
  REJECT: { from: 'REQUESTED', to: 'REJECTED', message: 'The return was refused.' },
  MARK_RECEIVED: { from: 'APPROVED', to: 'RECEIVED', message: 'The returned goods arrived.' },
} as const;

async function decide(tx: Tx, decision: Decision): Promise<void> {
  const { locked, current, input, actor } = decision;
  const { from, to, message } = moves[input.decision];
  if (current.status !== from) {
    throw new UserFault(
      conflict('RETURN_NOT_POSSIBLE', `This return is ${current.status}: ${input.decision} needs it to be ${from}.`, null, [
        'input',
        'decision',
      ]),
    );
  }
  const refundMinor = refundOf(decision);
  await tx.return.update({ where: { id: current.id }, data: { status: to, refundMinor } });
  for (const { orderLineId, quantity } of current.lines) {
    if (to === 'REJECTED') await tx.orderLine.update({ where: { id: orderLineId }, data: { returningQuantity: { decrement: quantity } } });
    if (to === 'RECEIVED') await tx.orderLine.update({ where: { id: orderLineId }, data: { returnedQuantity: { increment: quantity } } });
  }
  await addEntry(tx, locked.order.id, { kind: `RETURN_${to}`, message, actor });
  if (to !== 'RECEIVED') return;
  await deriveFulfillment(tx, locked.order.id);
  const lines = current.lines.map(({ orderLineId, quantity }) => ({
    variantId: locked.lines.find(({ id }) => id === orderLineId)?.variantId ?? '',
    quantity,
    restock: true,
  }));
  const metadata = { correlationId: currentRequest()?.requestId ?? crypto.randomUUID() };
  await publish(tx, ReturnReceived.create(current.id, { returnId: current.id, orderId: locked.order.id, lines }, metadata));
}

/** What staff said, else what was said before, else what the goods cost; never more than can go back. */
function refundOf({ locked, current, input }: Decision): bigint | null {
  const { order, lines, payments } = locked;
  const path = ['input', 'refund'];
  const refundable = payments.reduce((sum, payment) => sum + refundableOf(payment), 0);
  if (input.refund) {
    if (input.refund.currency !== order.currency)
      throw new UserFault(conflict('CURRENCY_MISMATCH', `This order is in ${order.currency}.`, null, path));
    if (input.refund.minor > refundable)
      throw new UserFault(conflict('REFUND_EXCEEDS_CAPTURED', 'Less than that was taken and has not gone back.', null, path));
    return BigInt(input.refund.minor);
  }
  if (input.decision !== 'MARK_RECEIVED' || current.refundMinor !== null) return current.refundMinor;
  const paid = current.lines.reduce((sum, { orderLineId, quantity }) => {
    const line = lines.find(({ id }) => id === orderLineId);
    return sum + (line ? costOfReturn(line, quantity) : 0);
  }, 0);
  return BigInt(Math.min(paid, keptInTheEnd(locked)));
}

/** What has not gone back of what was taken and may still be taken. What is under way may fail yet: the run waits for its outcome. */
function keptInTheEnd({ order, lines, payments }: LockedOrder): number {
  const dueMinor = amountDue(order, lines);
  return payments.reduce(
    (sum, payment) => sum + payment.capturedMinor - payment.refundedMinor + payment.capturePendingMinor + capturableOf(payment, dueMinor),
    0,
  );
}
