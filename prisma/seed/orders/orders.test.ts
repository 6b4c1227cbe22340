import { describe, expect, it } from 'vitest';
import { SEED_NOW } from '../core/calendar.ts';
import { towns } from '../world.ts';
import type { OrderRow } from './rows.ts';

const [town] = [...towns(1)];
if (!town) throw new Error('no town');
const orders = town.orders();

describe('demo orders', () => {
  it('add up to the last cent', () => {
    for (const order of orders) {
      const lines = order.lines.reduce((sum, { total }) => sum + total, 0);
      expect(lines + order.shipping).toBe(order.total);
      expect(order.subtotal - order.discount + order.shipping + order.tax).toBe(order.total);
      for (const line of order.lines) expect(line.unitPrice * line.quantity - line.discount + line.tax).toBe(line.total);
    }
  });

  it('are in every state that an order can be in', () => {
    const seen = (stateOf: (order: OrderRow) => string): string[] => [...new Set(orders.map(stateOf))].sort();
    expect(seen(({ status }) => status)).toEqual([
      'AWAITING_PAYMENT',
      'CANCELLED',
      'COMPLETED',
      'CONFIRMED',
      'EXPIRED',
      'PENDING',
      'REJECTED',
    ]);
    expect(seen(({ paymentStatus }) => paymentStatus)).toEqual(
      ['AUTHORIZED', 'CAPTURED', 'FAILED', 'NONE', 'PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED', 'REQUIRES_ACTION', 'VOIDED']
        .concat(orders.some(({ paymentStatus }) => paymentStatus === 'REFUNDED') ? ['REFUNDED'] : [])
        .sort(),
    );
    expect(seen(({ fulfillmentStatus }) => fulfillmentStatus)).toEqual([
      'FULFILLED',
      'PARTIALLY_FULFILLED',
      'PARTIALLY_RETURNED',
      'RETURNED',
      'UNFULFILLED',
    ]);
  });

  it('never capture more than was authorised nor refund more than was captured', () => {
    for (const { payment, total } of orders) {
      if (!payment) continue;
      expect(payment.captured).toBeLessThanOrEqual(payment.authorized);
      expect(payment.refunded).toBeLessThanOrEqual(payment.captured);
      expect(payment.amount).toBe(total);
    }
  });

  it('captured everything exactly when everything was delivered', () => {
    for (const order of orders.filter(({ status }) => status === 'COMPLETED')) {
      expect(order.payment?.captured).toBe(order.total);
      for (const line of order.lines) expect(line.fulfilledQuantity).toBe(line.quantity);
    }
  });

  it('never ship or take back more than was bought', () => {
    for (const line of orders.flatMap(({ lines }) => lines)) {
      expect(line.fulfilledQuantity).toBeLessThanOrEqual(line.quantity);
      expect(line.returnedQuantity).toBeLessThanOrEqual(line.fulfilledQuantity);
    }
  });

  it('happened in order and before the demo stands still', () => {
    let previous = 0;
    for (const { placedAt, history, updatedAt } of orders) {
      expect(placedAt.getTime()).toBeGreaterThanOrEqual(previous);
      previous = placedAt.getTime();
      const moments = history.map(({ at }) => at.getTime());
      expect(moments).toEqual([...moments].sort((a, b) => a - b));
      expect(updatedAt.getTime()).toBeLessThanOrEqual(SEED_NOW.getTime());
    }
  });

  it('reserve what is open and nothing else', () => {
    const reserved = new Map<string, number>();
    for (const { orderId, quantity } of town.reservations()) reserved.set(orderId, (reserved.get(orderId) ?? 0) + quantity);
    for (const { id, status, lines } of orders) {
      const isOpen = status === 'PENDING' || status === 'AWAITING_PAYMENT' || status === 'CONFIRMED';
      const open = isOpen ? lines.reduce((sum, { quantity, fulfilledQuantity }) => sum + quantity - fulfilledQuantity, 0) : 0;
      expect(reserved.get(id) ?? 0).toBe(open);
    }
  });

  it('give customer@example.com something to look at', () => {
    const customer = town.people()[0];
    const own = orders.filter(({ buyerId }) => buyerId === customer?.id);
    expect(customer?.email).toBe('customer@example.com');
    expect(own).toHaveLength(14);
    expect(new Set(own.map(({ status }) => status)).size).toBeGreaterThanOrEqual(5);
  });
});
