import { randomUUID } from 'node:crypto';
import { gql } from '@apollo/client';
import { withClient } from '@app/platform';
import { FulfillmentCreateDocument, OrderDetailDocument } from '@clients/storefront/documents';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { placeOrder, purchasableVariants, readyCart, type UserError } from '../support/shopping.ts';
import { ask, present, signedIn } from '../support/storefront.ts';

interface Cancelled {
  orderCancel: { order: { id: string } | null; userErrors: UserError[] };
}

/** Not among the documents that clients send. */
const OrderCancelDocument: TypedDocumentNode<Cancelled, { id: string; input: { reason: string; idempotencyKey: string } }> = gql`
  mutation OrderCancel($id: ID!, $input: OrderCancelInput!) {
    orderCancel(id: $id, input: $input) {
      order {
        id
      }
      userErrors {
        __typename
        code
        message
        path
      }
    }
  }
`;

/** Units of each variant that products holds for an order, and has sent of it. */
async function unitsOf(orderId: string): Promise<{ held: number; sent: number }[]> {
  return withClient(inject('databaseUrls').products, async (client) => {
    const { rows } = await client.query<{ held: number; sent: number }>(
      `SELECT (SELECT coalesce(sum(quantity), 0)::int FROM reservation WHERE order_id = $1) AS held,
         (SELECT coalesce(-sum(delta), 0)::int FROM stock_movement WHERE order_id = $1) AS sent`,
      [orderId],
    );
    return rows;
  });
}

it('a customer calls off what was not sent yet: shelves and payments have it back, and the order is complete', async () => {
  const url = inject('gatewayUrl');
  const [customer, staff] = [await signedIn(url, 'customer@example.com'), await signedIn(url, 'orders@example.com')];
  const cart = await readyCart(customer, await purchasableVariants(customer, 2), 'customer@example.com');
  const { id, number, lines } = await eventually(async () => {
    const { order } = await placeOrder(customer, cart, { idempotencyKey: cart.id });
    expect(order?.status).toBe('CONFIRMED');
    return present(order);
  });
  const parcel = { lines: [{ lineId: present(lines[0]).id, quantity: 1 }], idempotencyKey: randomUUID() };
  const { fulfillmentCreate } = await ask(staff, FulfillmentCreateDocument, { orderId: id, input: parcel });
  expect(fulfillmentCreate.userErrors).toEqual([]);
  const sent = async () => expect(await unitsOf(id)).toEqual([{ held: 1, sent: 1 }]);
  await eventually(sent);
  await eventually(async () => {
    const input = { reason: 'changed my mind', idempotencyKey: randomUUID() };
    expect((await ask(customer, OrderCancelDocument, { id, input })).orderCancel.userErrors).toEqual([]);
  });
  await eventually(async () => {
    const order = present((await ask(customer, OrderDetailDocument, { number })).order);
    expect(order).toMatchObject({ status: 'COMPLETED', fulfillmentStatus: 'FULFILLED', paymentStatus: 'CAPTURED' });
    expect(await unitsOf(id)).toEqual([{ held: 0, sent: 1 }]);
  });
});
