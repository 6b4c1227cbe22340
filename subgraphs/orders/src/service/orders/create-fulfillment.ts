import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { shipmentRunId } from '../../domain/run-ids.ts';
import { type Deps, restMs } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { deriveFulfillment, type LockedOrder, lockOrder, requireAction } from './lock-order.ts';
import { requireOrder, requireScope } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { unpaidMinor } from './order-state.ts';

/** What is sent. */
export interface NewFulfillment {
  readonly lines: readonly LineQuantity[];
  readonly carrier?: string | null;
  readonly trackingNumber?: string | null;
  readonly idempotencyKey: string;
}

/** Pieces of a line. */
export interface LineQuantity {
  readonly lineId: string;
  readonly quantity: number;
}

export const maxLines = 50;

/** Sends part or all of an order: the pieces are set aside here, then a durable run ships them and takes their money. @throws {UserFault} */
export async function createFulfillment(deps: Deps, principal: Principal, orderId: string, input: NewFulfillment): Promise<OrderOutcome> {
  requireScope(principal, 'orders:write');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  checkLines(check, input.lines);
  const carrier = check.optionalText(input.carrier, ['input', 'carrier'], { max: 80 });
  const trackingNumber = check.optionalText(input.trackingNumber, ['input', 'trackingNumber'], { max: 80 });
  check.finish();
  await requireOrder(deps.db, principal, orderId);
  const actor = principal.kind === 'user' ? principal.id : 'system';
  const fulfillmentId = newId('ful', deps.now().getTime());
  const { idempotencyKey, ...body } = input;
  return once(
    deps,
    { caller: actor, mutation: 'fulfillmentCreate', key: idempotencyKey, body: { orderId, ...body } },
    async (tx) => {
      const locked = await lockOrder(tx, orderId);
      requireLinesOf(locked.lines, input.lines);
      await requireAction(tx, principal, locked, 'FULFIL');
      requirePaid(locked);
      await setAside(tx, orderId, input.lines);
      const lines = input.lines.map(({ lineId, quantity }) => ({ orderLineId: lineId, quantity }));
      await tx.fulfillment.create({
        data: { id: fulfillmentId, orderId, carrier, trackingNumber, createdAt: deps.now(), lines: { create: lines } },
      });
      await deriveFulfillment(tx, orderId);
      await addEntry(tx, orderId, { kind: 'FULFILLMENT_CREATED', message: 'A shipment is being prepared.', actor });
      await deps.runs.start(tx, 'ship-order', { id: shipmentRunId(fulfillmentId), orderId, input: { fulfillmentId } });
      return orderId;
    },
    () => deps.runs.rest(shipmentRunId(fulfillmentId), restMs),
  );
}

/** @throws {UserFault} ORDER_UNPAID: what was lost on its way here must not leave the house for nothing. */
function requirePaid(locked: LockedOrder): void {
  const { order } = locked;
  const missing = unpaidMinor(order, locked);
  if (missing === 0) return;
  throw new UserFault(conflict('ORDER_UNPAID', `No payment holds the ${missing} that this order costs.`, order.version, ['orderId']));
}

/** Checks the form of lines: some, each once, each with pieces. */
export function checkLines(check: InputCheck, lines: readonly LineQuantity[]): void {
  check.list(lines, ['input', 'lines'], { max: maxLines });
  for (const [index, { lineId, quantity }] of lines.slice(0, maxLines).entries()) {
    check.integer(quantity, ['input', 'lines', index, 'quantity'], { min: 1, max: 99 });
    const isRepeated = lines.findIndex((line) => line.lineId === lineId) < index;
    check.require(!isRepeated, ['input', 'lines', index, 'lineId'], 'REPEATED', 'Name each line once.');
  }
}

/** Lines of another order look like none. @throws {UserFault} NOT_FOUND for each. */
export function requireLinesOf(own: readonly { readonly id: string }[], wanted: readonly { readonly lineId: string }[]): void {
  const errors = wanted.flatMap(({ lineId }, index) =>
    own.some(({ id }) => id === lineId) ? [] : [notFound('line', lineId, ['input', 'lines', index, 'lineId'])],
  );
  if (errors.length > 0) throw new UserFault(...errors);
}

/** The condition stands in the statement: parallel shipments never hold more pieces than were bought. */
async function setAside(tx: Tx, orderId: string, lines: readonly LineQuantity[]): Promise<void> {
  for (const [index, { lineId, quantity }] of lines.entries()) {
    const count = await tx.$executeRaw`
      UPDATE order_line SET fulfilled_quantity = fulfilled_quantity + ${quantity}
      WHERE id = ${lineId} AND order_id = ${orderId} AND fulfilled_quantity + cancelled_quantity + ${quantity} <= quantity`;
    const path = ['input', 'lines', String(index), 'quantity'];
    if (count === 0) throw new UserFault(conflict('QUANTITY_EXCEEDED', 'Fewer pieces of this line are left to send.', null, path));
  }
}
