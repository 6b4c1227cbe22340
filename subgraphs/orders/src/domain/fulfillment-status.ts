import type { FulfillmentStatus } from './statuses.ts';

/** How much of a line was bought, is in shipments, and came back. */
export interface LineProgress {
  readonly quantity: number;
  readonly fulfilledQuantity: number;
  readonly returnedQuantity: number;
}

/** The state of an order's goods follows from its lines. */
export function fulfillmentStatus(lines: readonly LineProgress[]): FulfillmentStatus {
  const total = (of: (line: LineProgress) => number) => lines.reduce((sum, line) => sum + of(line), 0);
  const bought = total((line) => line.quantity);
  const sent = total((line) => line.fulfilledQuantity);
  const back = total((line) => line.returnedQuantity);
  if (back > 0) return back >= bought ? 'RETURNED' : 'PARTIALLY_RETURNED';
  if (sent === 0) return 'UNFULFILLED';
  return sent >= bought ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}
