/** What the public may know of stock: bands, never figures. */
export const availabilityStates = ['IN_STOCK', 'LOW_STOCK', 'OUT_OF_STOCK', 'BACKORDER'] as const;
export type AvailabilityState = (typeof availabilityStates)[number];

export interface Availability {
  readonly purchasable: boolean;
  readonly state: AvailabilityState;
  /** Units that one order can have now. */
  readonly maxOrderQuantity: number;
}

/** From this many free units on, stock is plentiful. */
export const plentifulUnits = 6;

/** No order gets more units of one variant than this, which also hides how many there are. */
export const maxUnitsPerOrder = 10;

/** The band of `free` units over all locations. An empty shelf that will be filled again reads BACKORDER. */
export function availabilityOf(free: number, isRestockExpected: boolean): Availability {
  if (free <= 0) return { purchasable: false, state: isRestockExpected ? 'BACKORDER' : 'OUT_OF_STOCK', maxOrderQuantity: 0 };
  return {
    purchasable: true,
    state: free < plentifulUnits ? 'LOW_STOCK' : 'IN_STOCK',
    maxOrderQuantity: Math.min(free, maxUnitsPerOrder),
  };
}

/** Whether the public sees a difference between two figures of free units. */
export function isSeenChange(before: number, after: number): boolean {
  const [old, now] = [availabilityOf(before, false), availabilityOf(after, false)];
  return old.state !== now.state || old.maxOrderQuantity !== now.maxOrderQuantity;
}

/** Which threshold a change of free units crosses on its way down. */
export function crossedDown(before: number, after: number): 'low' | 'depleted' | null {
  if (before > 0 && after <= 0) return 'depleted';
  return before >= plentifulUnits && after < plentifulUnits ? 'low' : null;
}
