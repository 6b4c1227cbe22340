import type { Principal } from '@app/auth';
import { AppError } from '@app/errors';
import { InputCheck } from '@app/subgraph';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { cancellationId, restCancellationId } from '../../domain/run-ids.ts';
import { type Deps, restMs } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { completeIfArrived } from './complete-if-arrived.ts';
import { deriveFulfillment, type LockedOrder, lockOrder, requireAction } from './lock-order.ts';
import { requireOrder } from './order-access.ts';
import { publishCancelled, publishRestCancelled } from './order-events.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { unsentOf } from './order-state.ts';

/** Why an order is called off. */
export interface Cancellation {
  readonly reason: string;
  readonly idempotencyKey: string;
}

/**
 * Calls off what of an order was not sent: all of it, or the rest. Stock and money go back by a durable run. While a shipment is being prepared
 * it is refused: nobody knows yet whether that leaves. @throws {UserFault} ORDER_NOT_CANCELLABLE …
 */
export async function cancelOrder(deps: Deps, principal: Principal, id: string, input: Cancellation): Promise<OrderOutcome> {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  const reason = check.text(input.reason, ['input', 'reason'], { max: 500, multiline: true });
  check.finish();
  await requireOrder(deps.db, principal, id, ['id']);
  let runId = '';
  return once(
    deps,
    { caller: principal.id, mutation: 'orderCancel', key: input.idempotencyKey, body: { id, reason } },
    async (tx) => {
      const locked = await lockOrder(tx, id);
      await requireAction(tx, principal, locked, 'CANCEL');
      const isPartlySent = locked.lines.some(({ fulfilledQuantity }) => fulfilledQuantity > 0);
      const call = { locked, reason, actor: principal.id };
      runId = isPartlySent ? await callOffRest(deps, tx, call) : await callOff(deps, tx, call);
      return id;
    },
    () => deps.runs.rest(runId, restMs),
  );
}

interface Call {
  readonly locked: LockedOrder;
  readonly reason: string;
  readonly actor: string;
}

async function callOff(deps: Deps, tx: Tx, { locked, reason, actor }: Call): Promise<string> {
  const { order } = locked;
  await takeOffLines(tx, locked);
  await tx.order.update({ where: { id: order.id }, data: { status: 'CANCELLED', version: { increment: 1 } } });
  await tx.cart.updateMany({ where: { id: order.cartId ?? '', status: 'CHECKING_OUT' }, data: { status: 'OPEN' } });
  await addEntry(tx, order.id, { kind: 'CANCELLED', message: `The order was called off: ${reason}`, actor });
  await publishCancelled(tx, order, reason);
  await deps.runs.start(tx, 'cancel-order', { id: cancellationId(order.id), orderId: order.id, input: {} });
  return cancellationId(order.id);
}

/** The order stands for what was sent; it is complete when that has arrived. */
async function callOffRest(deps: Deps, tx: Tx, { locked, reason, actor }: Call): Promise<string> {
  const { order } = locked;
  const rest = locked.lines.map((line) => ({ ...line, quantity: unsentOf(line) })).filter(({ quantity }) => quantity > 0);
  await takeOffLines(tx, locked);
  await tx.order.update({ where: { id: order.id }, data: { version: { increment: 1 } } });
  await deriveFulfillment(tx, order.id);
  await addEntry(tx, order.id, { kind: 'REST_CANCELLED', message: `What was not sent yet was called off: ${reason}`, actor });
  await publishRestCancelled(tx, order, rest, reason);
  await completeIfArrived(tx, order.id);
  await deps.runs.start(tx, 'cancel-rest', { id: restCancellationId(order.id), orderId: order.id, input: {} });
  return restCancellationId(order.id);
}

async function takeOffLines(tx: Tx, { order }: LockedOrder): Promise<void> {
  await tx.$executeRaw`UPDATE order_line SET cancelled_quantity = quantity - fulfilled_quantity WHERE order_id = ${order.id}`;
}
