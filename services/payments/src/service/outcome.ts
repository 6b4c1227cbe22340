import type { OperationRow } from '../data/database.ts';

/** How an authorisation stands, in the words of this service: `paymentId` is ours, not the provider's. */
export type Authorization =
  | { readonly kind: 'authorized'; readonly paymentId: string }
  | { readonly kind: 'declined'; readonly paymentId: string; readonly code: string; readonly retryable: boolean }
  | { readonly kind: 'requires_action'; readonly paymentId: string; readonly url: string };

/** How moving money ended. */
export type Movement =
  | { readonly kind: 'succeeded'; readonly ref: string }
  | { readonly kind: 'failed'; readonly ref: string; readonly code: string };

/** What is stored of an authorisation; null while its outcome is not known. */
export function authorizationOf({ status, payment }: OperationRow): Authorization | null {
  const paymentId = payment.id;
  switch (status) {
    case 'SUCCEEDED':
      return { kind: 'authorized', paymentId };
    case 'FAILED':
      return { kind: 'declined', paymentId, code: payment.declineCode ?? 'declined', retryable: payment.isRetryable };
    case 'REQUIRES_ACTION':
      return { kind: 'requires_action', paymentId, url: payment.nextActionUrl ?? '' };
    case 'PENDING':
    case 'UNKNOWN':
      return null;
  }
}

/** What is stored of a movement; null while its outcome is not known. */
export function movementOf({ status, ref, failureCode }: OperationRow): Movement | null {
  if (status === 'SUCCEEDED') return { kind: 'succeeded', ref: ref ?? '' };
  return status === 'FAILED' ? { kind: 'failed', ref: ref ?? '', code: failureCode ?? 'failed' } : null;
}
