import type { Principal } from '@app/auth';
import { AppError } from '@app/errors';
import { InputCheck } from '@app/subgraph';
import { addEntry } from '../../data/order-entries.ts';
import { cancellationId } from '../../domain/run-ids.ts';
import { type Deps, restMs } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { lockOrder, requireAction } from './lock-order.ts';
import { requireOrder } from './order-access.ts';
import { publishCancelled } from './order-events.ts';
import type { OrderOutcome } from './order-outcome.ts';

/** Why an order is called off. */
export interface Cancellation {
  readonly reason: string;
  readonly idempotencyKey: string;
}

/** Calls an order off that was not sent yet; stock, codes and money go back by a durable run. @throws {UserFault} ORDER_NOT_CANCELLABLE … */
export async function cancelOrder(deps: Deps, principal: Principal, id: string, input: Cancellation): Promise<OrderOutcome> {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  const reason = check.text(input.reason, ['input', 'reason'], { max: 500, multiline: true });
  check.finish();
  await requireOrder(deps.db, principal, id, ['id']);
  return once(
    deps,
    { caller: principal.id, mutation: 'orderCancel', key: input.idempotencyKey, body: { id, reason } },
    async (tx) => {
      const locked = await lockOrder(tx, id);
      await requireAction(tx, principal, locked, 'CANCEL');
      const { order } = locked;
      await tx.order.update({ where: { id }, data: { status: 'CANCELLED', version: { increment: 1 } } });
      await tx.cart.updateMany({ where: { id: order.cartId ?? '', status: 'CHECKING_OUT' }, data: { status: 'OPEN' } });
      await addEntry(tx, id, { kind: 'CANCELLED', message: `The order was called off: ${reason}`, actor: principal.id });
      await publishCancelled(tx, order, reason);
      await deps.runs.start(tx, 'cancel-order', { id: cancellationId(id), orderId: id, input: {} });
      return id;
    },
    () => deps.runs.rest(cancellationId(id), restMs),
  );
}
