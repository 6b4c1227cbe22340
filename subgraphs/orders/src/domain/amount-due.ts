/** A line with what it costs as it was bought. */
interface PricedLine {
  readonly quantity: number;
  readonly cancelledQuantity: number;
  readonly totalMinor: number;
}

/** What so many pieces of a line cost: the share of each further piece is the difference, so that all of them add up to the line. */
export function costOf({ totalMinor, quantity }: Pick<PricedLine, 'quantity' | 'totalMinor'>, pieces: number): number {
  return Math.floor((totalMinor * pieces) / quantity);
}

/** What so many pieces of a line cost that come back after those that did before. */
export function costOfReturn(line: PricedLine & { readonly returnedQuantity: number }, pieces: number): number {
  return costOf(line, line.returnedQuantity + pieces) - costOf(line, line.returnedQuantity);
}

/** What an order costs without the pieces that were called off, in minor units. Shipping stays: something was sent. */
export function amountDue({ shippingMinor }: { readonly shippingMinor: number }, lines: readonly PricedLine[]): number {
  return lines.reduce((sum, line) => sum + costOf(line, line.quantity - line.cancelledQuantity), shippingMinor);
}
