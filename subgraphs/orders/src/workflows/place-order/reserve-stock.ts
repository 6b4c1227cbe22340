import { done, refused, type StepResult } from '@app/workflow';
import { findOrderLines, loadOrder } from '../../data/order-rows.ts';
import { confirmWithinMs } from '../../service/payments/authorize-payment.ts';
import { callTimeoutMs, type OrderContext, type OrderRefusal, type OrderStep } from '../workflow.ts';

/** Longer than a customer has to confirm a payment. */
export const stockHoldSeconds = 20 * 60;

/** Holds the stock of all lines, or of none. What it leaves for later steps is until when. */
export const reserveStock: OrderStep = {
  name: 'reserve-stock',
  timeoutMs: callTimeoutMs,
  run: hold,
  compensate: ({ deps, subject: orderId }) => deps.inventory.release(orderId),
};

/**
 * Sees to it that an order that is still to be confirmed has its stock for as long as a customer may take: cards that are tried in turn, faults
 * and outages outlast the hold that was taken at first. One that lapsed is taken anew; done before money is held, and before the pivot.
 */
export async function keepHold(context: OrderContext): Promise<StepResult<OrderRefusal>> {
  const { deps, subject: orderId, outputs } = context;
  const heldUntil = outputs[reserveStock.name];
  if (typeof heldUntil === 'string' && Date.parse(heldUntil) - deps.now().getTime() > confirmWithinMs) return done();
  const { status } = await loadOrder(deps.db, orderId);
  return status === 'PENDING' || status === 'AWAITING_PAYMENT' ? hold(context) : done();
}

async function hold({ deps, subject: orderId }: OrderContext): Promise<StepResult<OrderRefusal>> {
  const heldUntil = new Date(deps.now().getTime() + stockHoldSeconds * 1_000);
  const lines = await findOrderLines(deps.db, [orderId]);
  const shortages = await deps.inventory.reserve(orderId, lines, stockHoldSeconds);
  if (shortages.length === 0) return done(heldUntil.toISOString());
  const variantIds = shortages.map((shortage) => shortage.variantId);
  return refused({ reason: 'OUT_OF_STOCK', message: 'Some of it is sold out: lower the quantity or remove it.', variantIds });
}
