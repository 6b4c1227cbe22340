import { MoneyType } from '@app/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import type { OrderLineRow, ReturnRow } from '../service/orders/read-parts.ts';
import { Fulfillment, FulfillmentLine } from './fulfillment.type.ts';
import { Order } from './order.type.ts';
import type { OrderLine } from './order-line.type.ts';
import { Payment, PaymentEvent } from './payment.type.ts';
import { Return, ReturnLine } from './return.type.ts';
import { toOrderLine } from './to-order.ts';

/** Parcels of an order, there and back. */
@Resolver(() => Order)
export class ParcelResolver {
  @FieldResolver()
  async fulfillments(@Root() { id, row }: Order, @Ctx() { loaders }: OrdersContext): Promise<Fulfillment[]> {
    const [shipments, lines] = await Promise.all([loaders.fulfillmentsOf.load(id), loaders.linesOf.load(id)]);
    return shipments.map((shipment) => {
      const content = shipment.lines.flatMap(({ orderLineId, quantity }) => {
        const line = lineOf(lines, orderLineId, row.currency);
        return line ? [Object.assign(new FulfillmentLine(), { line, quantity })] : [];
      });
      const { id: shipmentId, status, carrier, trackingNumber, trackingUrl, shippedAt, deliveredAt } = shipment;
      return Object.assign(new Fulfillment(), {
        id: shipmentId,
        status,
        carrier,
        trackingNumber,
        trackingUrl,
        shippedAt,
        deliveredAt,
        lines: content,
      });
    });
  }

  @FieldResolver()
  async returns(@Root() { id, row }: Order, @Ctx() { loaders }: OrdersContext): Promise<Return[]> {
    const [returns, lines] = await Promise.all([loaders.returnsOf.load(id), loaders.linesOf.load(id)]);
    return returns.map((one) => toReturn(one, lines, row.currency));
  }
}

/** The ledger of a payment. */
@Resolver(() => Payment)
export class PaymentResolver {
  @FieldResolver()
  async events(@Root() { id, currency }: Payment, @Ctx() { loaders }: OrdersContext): Promise<PaymentEvent[]> {
    const events = await loaders.eventsOf.load(id);
    return events.map(({ amountMinor, ...event }) =>
      Object.assign(new PaymentEvent(), event, { amount: MoneyType.of({ minor: amountMinor, currency }) }),
    );
  }
}

function toReturn(
  { id, status, requestedAt, refundMinor, lines: returned }: ReturnRow,
  lines: readonly OrderLineRow[],
  currency: string,
): Return {
  const content = returned.flatMap(({ orderLineId, quantity, reason }) => {
    const line = lineOf(lines, orderLineId, currency);
    return line ? [Object.assign(new ReturnLine(), { line, quantity, reason })] : [];
  });
  const refund = refundMinor === null ? null : MoneyType.of({ minor: Number(refundMinor), currency });
  return Object.assign(new Return(), { id, status, requestedAt, refund, lines: content });
}

function lineOf(lines: readonly OrderLineRow[], id: string, currency: string): OrderLine | undefined {
  const row = lines.find((line) => line.id === id);
  return row && toOrderLine(row, currency);
}
