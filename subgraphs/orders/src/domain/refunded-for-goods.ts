/** A refund that came to its end. */
export interface EndedRefund {
  readonly amountMinor: number;
  readonly hasSucceeded: boolean;
  /** It is the refund of a return. */
  readonly isOfReturn: boolean;
  /** What the pieces cost that came back with it. */
  readonly takenBackMinor: number;
}

/**
 * What refunds gave back for goods that came back, in minor units. Those of returns did so with all of it: staff decides what a return is worth.
 * Those by hand with what the pieces cost that they took back; for pieces whose own refund was refused, with what they gave beyond that.
 */
export function refundedForGoods(refunds: readonly EndedRefund[]): number {
  const made = refunds.filter(({ hasSucceeded }) => hasSucceeded);
  const refused = refunds.filter(({ hasSucceeded, isOfReturn }) => !hasSucceeded && !isOfReturn);
  const beyondMinor = sum(made, (refund) => refund.amountMinor - shareOfGoods(refund));
  return sum(made, shareOfGoods) + Math.min(beyondMinor, sum(refused, shareOfGoods));
}

function shareOfGoods({ amountMinor, isOfReturn, takenBackMinor }: EndedRefund): number {
  return isOfReturn ? amountMinor : Math.min(amountMinor, takenBackMinor);
}

function sum(refunds: readonly EndedRefund[], of: (refund: EndedRefund) => number): number {
  return refunds.reduce((total, refund) => total + of(refund), 0);
}
