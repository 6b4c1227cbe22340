import type { FulfillmentStatus } from './statuses.ts';

/** How much of a line was bought, is in shipments, was called off, and came back. */
export interface LineProgress {
  readonly quantity: number;
  readonly fulfilledQuantity: number;
  readonly cancelledQuantity: number;
  readonly returnedQuantity: number;
}

/** The state of an order's goods follows from its lines. */
export function fulfillmentStatus(lines: readonly LineProgress[]): FulfillmentStatus {
  const total = (of: (line: LineProgress) => number) => lines.reduce((sum, line) => sum + of(line), 0);
  const wanted = total((line) => line.quantity - line.cancelledQuantity);
  const sent = total((line) => line.fulfilledQuantity);
  const back = total((line) => line.returnedQuantity);
  if (back > 0) return back >= wanted ? 'RETURNED' : 'PARTIALLY_RETURNED';
  if (sent === 0) return 'UNFULFILLED';
  return sent >= wanted ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}
