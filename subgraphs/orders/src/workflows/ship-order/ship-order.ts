import { done, refused } from '@app/workflow';
import { captureForShipment, loadShipment, markDelivered, markShipped, undoFulfillment } from '../../service/orders/ship-fulfillment.ts';
import { callTimeoutMs, defineOrderWorkflow, type OrderContext, type OrderStep } from '../workflow.ts';

const shipmentOf = ({ deps, subject: orderId, input }: OrderContext) => loadShipment(deps, orderId, input.fulfillmentId ?? '');

const takeStock: OrderStep = {
  name: 'take-stock',
  timeoutMs: callTimeoutMs,
  async run(context) {
    const { fulfillment, lines } = await shipmentOf(context);
    const isShipped = await context.deps.inventory.ship(context.subject, fulfillment.id, lines);
    return isShipped ? done() : refused({ reason: 'OUT_OF_STOCK', message: 'The goods are not in stock.' });
  },
};

const send: OrderStep = {
  name: 'send',
  async run({ deps, subject: orderId, input }) {
    await markShipped(deps, orderId, input.fulfillmentId ?? '');
    return done();
  },
};

const takeMoney: OrderStep = {
  name: 'take-money',
  timeoutMs: callTimeoutMs,
  async run(context) {
    await captureForShipment(context.deps, context.subject, await shipmentOf(context));
    return done();
  },
};

const deliver: OrderStep = {
  name: 'deliver',
  async run(context) {
    const shipment = await shipmentOf(context);
    const shippedAt = shipment.fulfillment.shippedAt ?? context.deps.now();
    const until = new Date(shippedAt.getTime() + context.deps.deliverAfterMs);
    if (until > context.deps.now()) return { kind: 'wait', until };
    await markDelivered(context.deps, context.subject, shipment);
    return done();
  },
};

/**
 * A shipment, from being prepared to its arrival. The money is taken once the goods have left. Taking stock is the pivot: nobody but products can
 * say whether the goods have left, so nobody else turns it around.
 */
export const shipOrder = defineOrderWorkflow({
  name: 'ship-order',
  version: 1,
  steps: [takeStock, send, takeMoney, deliver],
  pivot: takeStock.name,
  onRefused: ({ deps, subject: orderId, input }) => undoFulfillment(deps, orderId, input.fulfillmentId ?? ''),
});
