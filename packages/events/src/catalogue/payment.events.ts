import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

const money = z.object({ minor: z.int(), currency: z.string().length(3) });

/** `key` is the idempotency key of the command that it came of: by it the caller knows what of its own is meant. */
const about = z.object({ paymentId: z.string(), key: z.string(), amount: money });

/** Money is held: at once, or after the customer confirmed. */
export const PaymentAuthorized = defineEvent('payment.authorized', { 1: { schema: about } });

/** The provider said no, or the customer did; `code` is the provider's reason. */
export const PaymentDeclined = defineEvent('payment.declined', {
  1: { schema: about.extend({ code: z.string(), retryable: z.boolean() }) },
});

/** Money that was held was taken. */
export const PaymentCaptured = defineEvent('payment.captured', { 1: { schema: about } });

/** Money that was taken was given back. */
export const PaymentRefunded = defineEvent('payment.refunded', { 1: { schema: about } });

/** What was still held was given back. */
export const PaymentVoided = defineEvent('payment.voided', { 1: { schema: about } });
