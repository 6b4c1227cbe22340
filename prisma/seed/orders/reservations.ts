import { DAY_MS, plus, SEED_NOW } from '../core/calendar.ts';
import { hash128 } from '../core/random.ts';
import type { OrderRow } from './rows.ts';

/** Stock that open orders hold: before payment HELD until a moment, after confirmation ALLOCATED without end. */
export interface ReservationRow {
  readonly orderId: string;
  readonly variantId: string;
  /** Index into the three locations. */
  readonly location: 0 | 1 | 2;
  readonly quantity: number;
  readonly state: 'HELD' | 'ALLOCATED';
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

/** Unshipped units of orders that are still alive. One row per order, variant and location. */
export function reservationsOf(orders: readonly OrderRow[]): ReservationRow[] {
  return orders
    .filter(({ status }) => status === 'AWAITING_PAYMENT' || status === 'CONFIRMED' || status === 'PENDING')
    .flatMap(reservationsOfOrder);
}

function reservationsOfOrder({ id, status, lines, placedAt }: OrderRow): ReservationRow[] {
  const isAllocated = status === 'CONFIRMED';
  return lines.flatMap(({ variantId, quantity, fulfilledQuantity }): ReservationRow[] => {
    const open = quantity - fulfilledQuantity;
    if (open === 0) return [];
    return [
      {
        orderId: id,
        variantId,
        location: (hash128(`${id}/${variantId}`)[0] % 3) as 0 | 1 | 2,
        quantity: open,
        state: isAllocated ? 'ALLOCATED' : 'HELD',
        // The demo stands still at SEED_NOW, so its unpaid orders stay payable for longer than real ones.
        expiresAt: isAllocated ? null : plus(SEED_NOW, 365 * DAY_MS),
        createdAt: placedAt,
      },
    ];
  });
}
