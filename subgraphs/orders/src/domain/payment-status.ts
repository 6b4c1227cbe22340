import type { PaymentStatus } from './statuses.ts';

/** Counters of a payment, in minor units. */
export interface PaymentCounters {
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly isVoided: boolean;
  readonly isDeclined: boolean;
  readonly needsAction: boolean;
}

/** The state of a payment follows from its counters; nothing sets it by hand. */
export function paymentStatus(payment: PaymentCounters): PaymentStatus {
  if (payment.refundedMinor > 0) return payment.refundedMinor >= payment.capturedMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  const holdsMore = !payment.isVoided && payment.capturedMinor < payment.authorizedMinor;
  if (payment.capturedMinor > 0) return holdsMore ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
  if (payment.isVoided) return 'VOIDED';
  if (payment.authorizedMinor > 0) return 'AUTHORIZED';
  if (payment.isDeclined) return 'FAILED';
  return payment.needsAction ? 'REQUIRES_ACTION' : 'NONE';
}
