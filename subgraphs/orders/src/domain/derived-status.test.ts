import { expect, test } from 'vitest';
import { fulfillmentStatus } from './fulfillment-status.ts';
import { guestToken, hashGuestToken, isGuestToken } from './guest-token.ts';
import { newOrderNumber, normaliseOrderNumber } from './order-number.ts';
import { type PaymentCounters, paymentStatus } from './payment-status.ts';

const nothing: PaymentCounters = {
  authorizedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  isVoided: false,
  isDeclined: false,
  needsAction: false,
};

test.each<[Partial<PaymentCounters>, string]>([
  [{}, 'NONE'],
  [{ needsAction: true }, 'REQUIRES_ACTION'],
  [{ isDeclined: true }, 'FAILED'],
  [{ authorizedMinor: 10 }, 'AUTHORIZED'],
  [{ authorizedMinor: 10, isVoided: true }, 'VOIDED'],
  [{ authorizedMinor: 10, capturedMinor: 4 }, 'PARTIALLY_CAPTURED'],
  [{ authorizedMinor: 10, capturedMinor: 10 }, 'CAPTURED'],
  [{ authorizedMinor: 10, capturedMinor: 4, isVoided: true }, 'CAPTURED'],
  [{ authorizedMinor: 10, capturedMinor: 10, refundedMinor: 4 }, 'PARTIALLY_REFUNDED'],
  [{ authorizedMinor: 10, capturedMinor: 10, refundedMinor: 10 }, 'REFUNDED'],
])('a payment with %j is %s', (counters, status) => {
  expect(paymentStatus({ ...nothing, ...counters })).toBe(status);
});

test.each<[number, number, number, string]>([
  [0, 0, 0, 'UNFULFILLED'],
  [0, 3, 0, 'UNFULFILLED'],
  [1, 0, 0, 'PARTIALLY_FULFILLED'],
  [1, 2, 0, 'FULFILLED'],
  [3, 0, 0, 'FULFILLED'],
  [3, 0, 1, 'PARTIALLY_RETURNED'],
  [1, 2, 1, 'RETURNED'],
  [3, 0, 3, 'RETURNED'],
])('of three pieces %i sent, %i called off and %i back: %s', (fulfilledQuantity, cancelledQuantity, returnedQuantity, status) => {
  expect(fulfillmentStatus([{ quantity: 3, fulfilledQuantity, cancelledQuantity, returnedQuantity }])).toBe(status);
});

test('an order number survives the telephone', () => {
  const number = newOrderNumber();
  expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(normaliseOrderNumber(` ${number.toLowerCase().replace('-', ' ')} `)).toBe(number);
  expect(normaliseOrderNumber('0ilo0-11111')).toBe('01100-11111');
  expect(normaliseOrderNumber("' OR 1=1")).toBe('');
});

test("a guest's token opens its own order only", () => {
  const hash = hashGuestToken(guestToken('key', 'ord_1'));
  expect(isGuestToken(guestToken('key', 'ord_1'), hash)).toBe(true);
  expect(isGuestToken(guestToken('key', 'ord_2'), hash)).toBe(false);
  expect(isGuestToken(guestToken('other', 'ord_1'), hash)).toBe(false);
  expect(isGuestToken('', null)).toBe(false);
});
