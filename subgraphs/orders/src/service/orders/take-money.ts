import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import type { FulfillmentRow } from '../../data/order-parts.ts';
import { amountDue } from '../../domain/amount-due.ts';
import type { Deps } from '../deps.ts';
import { completeMove, intendMove } from '../payments/move-money.ts';
import { type LockedOrder, lockOrder } from './lock-order.ts';
import { capturableOf, isLive, unpaidMinor } from './order-state.ts';

/** Money to take for what was sent. */
interface Taking {
  /** The same one takes once. */
  readonly key: string;
  /** How much, while something is still to be sent. */
  readonly shareMinor: number;
}

/**
 * Takes a share of an order's money; once nothing is left to send, all that is still due, shipping included. @throws Error while the outcome is
 * unknown, or when the books changed meanwhile: try again; and while no payment holds what the order costs.
 */
export async function takeMoney(deps: Deps, orderId: string, taking: Taking): Promise<void> {
  const isIntended = await withTx(deps.db, (tx: Tx) => intend(tx, orderId, taking));
  if (isIntended) await completeMove(deps, taking.key);
}

async function intend(tx: Tx, orderId: string, { key, shareMinor }: Taking): Promise<boolean> {
  // Locked: a parcel that leaves at the same instant is either counted here, or counts this one.
  const locked = await lockOrder(tx, orderId);
  if (await tx.paymentOperation.findUnique({ where: { key } })) return true;
  const payment = locked.payments.find(isLive);
  if (!payment) return requirePaid(locked);
  const isLast = isAllSent(locked);
  // What another capture does not take in the end would be held for ever: nothing comes after the last one.
  if (isLast && payment.capturePendingMinor > 0) throw new Error(`another capture of the payment ${payment.id} is under way`);
  const left = capturableOf(payment, amountDue(locked.order, locked.lines));
  const amountMinor = isLast ? left : Math.min(left, shareMinor);
  if (amountMinor === 0) return false;
  const isHeld = await intendMove(tx, { key, paymentId: payment.id, kind: 'CAPTURE', amountMinor, detail: { actor: 'system' } });
  if (!isHeld) throw new Error(`less than the ${amountMinor} of the capture ${key} is held by now`);
  return true;
}

/** Goods that left without a payment are somebody's to look at: the run that took them stays open and is alarmed of. */
function requirePaid(locked: LockedOrder): false {
  const missing = unpaidMinor(locked.order, locked);
  if (missing > 0) throw new Error(`no payment holds the ${missing} that the order ${locked.order.id} costs`);
  return false;
}

function isAllSent({ lines, fulfillments }: LockedOrder): boolean {
  return lines.every(({ id, quantity, cancelledQuantity }) => sentOf(id, fulfillments) >= quantity - cancelledQuantity);
}

/** Pieces of a line that have left the house: what is only being prepared may still turn out not to be there. */
export function sentOf(lineId: string, shipments: readonly FulfillmentRow[]): number {
  const sent = shipments.filter(({ status }) => status === 'SHIPPED' || status === 'DELIVERED').flatMap(({ lines }) => lines);
  return sent.filter(({ orderLineId }) => orderLineId === lineId).reduce((sum, { quantity }) => sum + quantity, 0);
}
