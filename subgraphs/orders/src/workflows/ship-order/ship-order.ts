import { captureForShipment, loadShipment, markDelivered, markShipped, undoFulfillment } from '../../service/orders/ship-fulfillment.ts';
import { done, type RunContext, refused, type Step, type Workflow } from '../workflow.ts';

const shipmentOf = ({ deps, orderId, input }: RunContext) => loadShipment(deps, orderId, input.fulfillmentId ?? '');

const takeStock: Step = {
  name: 'take-stock',
  async run(context) {
    const { fulfillment, lines } = await shipmentOf(context);
    const isShipped = await context.deps.inventory.ship(context.orderId, fulfillment.id, lines);
    return isShipped ? done : refused({ reason: 'OUT_OF_STOCK', message: 'The goods are not in stock.' });
  },
};

const send: Step = {
  name: 'send',
  async run({ deps, orderId, input }) {
    await markShipped(deps, orderId, input.fulfillmentId ?? '');
    return done;
  },
};

const takeMoney: Step = {
  name: 'take-money',
  async run(context) {
    await captureForShipment(context.deps, context.orderId, await shipmentOf(context));
    return done;
  },
};

const deliver: Step = {
  name: 'deliver',
  async run(context) {
    const shipment = await shipmentOf(context);
    const shippedAt = shipment.fulfillment.shippedAt ?? context.deps.now();
    const until = new Date(shippedAt.getTime() + context.deps.deliverAfterMs);
    if (until > context.deps.now()) return { kind: 'wait', until };
    await markDelivered(context.deps, context.orderId, shipment);
    return done;
  },
};

/** A shipment, from being prepared to its arrival. The money is taken once the goods have left. */
export const shipOrder: Workflow = {
  name: 'ship-order',
  steps: [takeStock, send, takeMoney, deliver],
  pivot: takeStock.name,
  patienceMs: null,
  onRefused: ({ deps, orderId, input }) => undoFulfillment(deps, orderId, input.fulfillmentId ?? ''),
};
