import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { AppError } from '@app/errors';
import { conflict, InputCheck, UserFault } from '@app/subgraph';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import type { ReturnReason } from '../../domain/statuses.ts';
import type { Deps } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { checkLines, maxLines, requireLinesOf } from './create-fulfillment.ts';
import { type LockedOrder, lockOrder, requireAction } from './lock-order.ts';
import { requireOrder } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';

/** What is to be sent back. */
export interface NewReturn {
  readonly lines: readonly {
    readonly lineId: string;
    readonly quantity: number;
    readonly reason: ReturnReason;
    readonly note?: string | null;
  }[];
  readonly idempotencyKey: string;
}

/** Asks to send something back that arrived. @throws {UserFault} */
export async function requestReturn(deps: Deps, principal: Principal, orderId: string, input: NewReturn): Promise<OrderOutcome> {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  checkLines(check, input.lines);
  const notes = input.lines
    .slice(0, maxLines)
    .map(({ note }, index) => check.optionalText(note, ['input', 'lines', index, 'note'], { max: 1_000, multiline: true }));
  check.finish();
  await requireOrder(deps.db, principal, orderId);
  const { idempotencyKey, ...body } = input;
  return once(deps, { caller: principal.id, mutation: 'returnRequest', key: idempotencyKey, body: { orderId, ...body } }, async (tx) => {
    const locked = await lockOrder(tx, orderId);
    requireLinesOf(locked.lines, input.lines);
    await requireAction(tx, principal, locked, 'REQUEST_RETURN');
    await setAside(tx, locked, input.lines);
    const lines = input.lines.map(({ lineId, quantity, reason }, index) => ({
      orderLineId: lineId,
      quantity,
      reason,
      note: notes[index] ?? null,
    }));
    await tx.return.create({
      data: { id: newId('ret', deps.now().getTime()), orderId, requestedAt: deps.now(), lines: { create: lines } },
    });
    await addEntry(tx, orderId, { kind: 'RETURN_REQUESTED', message: 'A return was asked for.', actor: principal.id });
    return orderId;
  });
}

/** Under the order's lock: never more than arrived and is not on its way back already. */
async function setAside(tx: Tx, { lines, fulfillments }: LockedOrder, wanted: NewReturn['lines']): Promise<void> {
  const arrived = fulfillments.filter(({ status }) => status === 'DELIVERED').flatMap((shipment) => shipment.lines);
  for (const [index, { lineId, quantity }] of wanted.entries()) {
    const delivered = arrived.filter(({ orderLineId }) => orderLineId === lineId).reduce((sum, content) => sum + content.quantity, 0);
    const returning = lines.find(({ id }) => id === lineId)?.returningQuantity ?? 0;
    const path = ['input', 'lines', String(index), 'quantity'];
    if (returning + quantity > delivered)
      throw new UserFault(conflict('QUANTITY_EXCEEDED', 'Fewer pieces of this line arrived and are not on their way back.', null, path));
    await tx.orderLine.update({ where: { id: lineId }, data: { returningQuantity: { increment: quantity } } });
  }
}
