import type { Principal } from '@app/auth';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../../data/database.ts';
import { findReturns } from '../../data/order-parts.ts';
import type { OrderLineRow } from '../../data/order-rows.ts';
import { amountDue, costOfReturn } from '../../domain/amount-due.ts';
import { refundId } from '../../domain/run-ids.ts';
import { type Deps, restMs } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { intendMove, type Move } from '../payments/move-money.ts';
import { type NamedAmount, requireCurrency } from './capture-payment.ts';
import { maxLines } from './create-fulfillment.ts';
import { deriveFulfillment, type LockedOrder, lockOrder, requireAction } from './lock-order.ts';
import { requireOrder, requireScope } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { capturableOf, refundableOf } from './order-state.ts';
import { sentOf } from './take-money.ts';
import { waive } from './waive.ts';

/** Money to give back. */
export interface NewRefund {
  readonly amount: NamedAmount;
  readonly lineIds?: readonly string[] | null;
  readonly restock: boolean;
  /** The return that ends with it: one that was received and whose own refund was refused. */
  readonly returnId?: string | null;
  readonly reason: string;
  readonly idempotencyKey: string;
}

/** Gives money back; parallel refunds never give back more than was taken. @throws {UserFault} REFUND_EXCEEDS_CAPTURED … */
export async function createRefund(deps: Deps, principal: Principal, orderId: string, input: NewRefund): Promise<OrderOutcome> {
  requireScope(principal, 'payments:write');
  const { reason, lineIds, settled } = checkRefund(input);
  const order = await requireOrder(deps.db, principal, orderId);
  requireCurrency(input.amount, order.currency);
  const actor = principal.kind === 'user' ? principal.id : 'system';
  const { idempotencyKey, ...body } = input;
  let runId = '';
  return once(
    deps,
    { caller: actor, mutation: 'refundCreate', key: idempotencyKey, body: { orderId, ...body } },
    async (tx, keyId) => {
      const locked = await lockOrder(tx, orderId);
      const lines = linesOf(locked, lineIds);
      await requireAction(tx, principal, locked, 'REFUND');
      if (settled.returnId !== undefined) await requireRefused(tx, orderId, settled.returnId);
      const moveKey = `${keyId}:refund`;
      const back = input.restock ? comingBack(locked, lines) : [];
      const detail = { actor, reason, lineIds, takenBackMinor: costOfAll(back), ...settled };
      await intend(tx, locked, { key: moveKey, amountMinor: input.amount.minor, detail });
      await takeBack(tx, locked, back);
      runId = refundId(keyId);
      const restock = back.map(({ line, quantity }) => ({ variantId: line.variantId, quantity }));
      await deps.runs.start(tx, 'refund-order', { id: runId, orderId, input: { moveKey, restock } });
      return orderId;
    },
    () => deps.runs.rest(runId, restMs),
  );
}

function checkRefund({ amount, restock, returnId, ...input }: NewRefund) {
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  check.integer(amount.minor, ['input', 'amount', 'minor'], { min: 1, max: Number.MAX_SAFE_INTEGER });
  const reason = check.text(input.reason, ['input', 'reason'], { max: 500, multiline: true });
  const lineIds = [...new Set(input.lineIds ?? [])];
  check.list(lineIds, ['input', 'lineIds'], { min: 0, max: maxLines });
  check.require(!restock || lineIds.length > 0, ['input', 'lineIds'], 'REQUIRED', 'Name the lines whose goods go back into stock.');
  check.require(!restock || returnId == null, ['input', 'restock'], 'ALREADY_RESTOCKED', 'The pieces came back with the return.');
  check.finish();
  return { reason, lineIds, settled: returnId == null ? {} : { returnId } };
}

/** A return has a refund of its own: by hand it is settled only after that was refused, and not by two at once. */
async function requireRefused(tx: Tx, orderId: string, returnId: string): Promise<void> {
  const path = ['input', 'returnId'];
  const found = (await findReturns(tx, [orderId])).find(({ id }) => id === returnId);
  if (!found) throw new UserFault(notFound('return', returnId, path));
  const refunds = await tx.paymentOperation.findMany({
    where: { kind: 'REFUND', payment: { orderId }, detail: { path: ['returnId'], equals: returnId } },
  });
  const isRefused = refunds.length > 0 && refunds.every(({ status }) => status === 'FAILED');
  if (found.status === 'RECEIVED' && isRefused) return;
  const message = `This return is ${found.status}: a refund settles one that is RECEIVED and whose own refund was refused.`;
  throw new UserFault(conflict('RETURN_NOT_POSSIBLE', message, null, path));
}

/** Pieces of a line that come back. */
interface Back {
  readonly line: OrderLineRow;
  readonly quantity: number;
}

/** The pieces that have left and are not on their way back. What is only being prepared still stands in stock. */
function comingBack({ fulfillments }: LockedOrder, lines: readonly OrderLineRow[]): Back[] {
  return lines
    .map((line) => ({ line, quantity: sentOf(line.id, fulfillments) - line.returningQuantity }))
    .filter(({ quantity }) => quantity > 0);
}

function costOfAll(back: readonly Back[]): number {
  return back.reduce((sum, { line, quantity }) => sum + costOfReturn(line, quantity), 0);
}

/** They count as returned, so that no second refund restocks them. */
async function takeBack(tx: Tx, { order }: LockedOrder, back: readonly Back[]): Promise<void> {
  for (const { line, quantity } of back) {
    const data = { returningQuantity: { increment: quantity }, returnedQuantity: { increment: quantity } };
    await tx.orderLine.update({ where: { id: line.id }, data });
  }
  await deriveFulfillment(tx, order.id);
}

/**
 * When all that was taken goes back, what the pieces cost that come back with it and could not be taken yet is not taken any more. When less goes
 * back, staff keeps something for them.
 */
async function intend(tx: Tx, { order, lines, payments }: LockedOrder, move: NewMove): Promise<void> {
  const { amountMinor, detail } = move;
  const payment = payments.find((candidate) => refundableOf(candidate) >= amountMinor);
  const isIntended = payment !== undefined && (await intendMove(tx, { ...move, paymentId: payment.id, kind: 'REFUND' }));
  if (!isIntended)
    throw new UserFault(conflict('REFUND_EXCEEDS_CAPTURED', 'Less than that was taken and has not gone back.', null, ['input', 'amount']));
  if (amountMinor < refundableOf(payment)) return;
  const unpaidMinor = Math.max(0, (detail.takenBackMinor ?? 0) - amountMinor);
  await waive(tx, payment, Math.min(unpaidMinor, capturableOf(payment, amountDue(order, lines))));
}

type NewMove = Pick<Move, 'key' | 'amountMinor' | 'detail'>;

function linesOf({ lines }: LockedOrder, wanted: readonly string[]): OrderLineRow[] {
  return wanted.map((lineId, index) => {
    const line = lines.find(({ id }) => id === lineId);
    if (!line) throw new UserFault(notFound('line', lineId, ['input', 'lineIds', index]));
    return line;
  });
}
