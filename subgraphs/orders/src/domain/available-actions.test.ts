import { expect, test } from 'vitest';
import { availableActions, type OrderState, type OrderViewer } from './available-actions.ts';

const confirmed: OrderState = {
  status: 'CONFIRMED',
  paymentStatus: 'AUTHORIZED',
  fulfillmentStatus: 'UNFULFILLED',
  sendableQuantity: 1,
  isBeingPrepared: false,
  returnableQuantity: 0,
  capturableMinor: 100,
  refundableMinor: 0,
};
const shipped: OrderState = {
  ...confirmed,
  paymentStatus: 'CAPTURED',
  fulfillmentStatus: 'FULFILLED',
  sendableQuantity: 0,
  capturableMinor: 0,
  refundableMinor: 100,
};
const arrived: OrderState = { ...shipped, status: 'COMPLETED', returnableQuantity: 1 };
const buyer: OrderViewer = { isBuyer: true, canWriteOrders: false, canWritePayments: false };
const staff: OrderViewer = { isBuyer: false, canWriteOrders: true, canWritePayments: true };
const support: OrderViewer = { isBuyer: false, canWriteOrders: false, canWritePayments: false };

test.each<[string, OrderState, OrderViewer, string[]]>([
  ['buyer of a pending order', { ...confirmed, status: 'PENDING' }, buyer, []],
  ['buyer of an order that awaits payment', { ...confirmed, status: 'AWAITING_PAYMENT' }, buyer, ['PAY', 'CANCEL']],
  ['buyer of a confirmed order', confirmed, buyer, ['CANCEL', 'REORDER']],
  ['staff with a confirmed order', confirmed, staff, ['CANCEL', 'CAPTURE', 'FULFIL']],
  ['buyer of an order on its way', shipped, buyer, ['REORDER']],
  ['staff with an order on its way', shipped, staff, ['REFUND']],
  ['buyer of an order that arrived', arrived, buyer, ['REQUEST_RETURN', 'REVIEW', 'REORDER']],
  [
    'staff with an order of which a part came back before the rest was sent',
    { ...shipped, fulfillmentStatus: 'PARTIALLY_RETURNED', sendableQuantity: 1 },
    staff,
    ['CANCEL', 'REFUND', 'FULFIL'],
  ],
  [
    'buyer of an order of which a part was sent',
    { ...shipped, fulfillmentStatus: 'PARTIALLY_FULFILLED', sendableQuantity: 1 },
    buyer,
    ['CANCEL', 'REORDER'],
  ],
  ['staff with an order of which a part is being prepared', { ...confirmed, isBeingPrepared: true }, staff, ['CAPTURE', 'FULFIL']],
  ['buyer of a cancelled order', { ...confirmed, status: 'CANCELLED', capturableMinor: 0 }, buyer, ['REORDER']],
  ['staff that only reads', arrived, support, []],
])('%s', (_who, order, viewer, actions) => {
  expect(availableActions(order, viewer)).toEqual(actions);
});
