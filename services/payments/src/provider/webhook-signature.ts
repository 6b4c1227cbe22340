import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookRefusal } from './payment-provider.ts';

/** Header of the signature: `t=<seconds since the epoch>,v1=<HMAC-SHA256 over "t.body", hex>`. */
export const signatureHeader = 'webhook-signature';

/** How old a signed webhook may be, and how far clocks may be apart, in seconds. */
export const toleranceSeconds = 300;

/** Signs a webhook's bytes. */
export function signWebhook(secret: string, body: string | Buffer, now: Date): string {
  const time = Math.floor(now.getTime() / 1000);
  return `t=${time},v1=${hmac(secret, time, body).toString('hex')}`;
}

/** A signed webhook to be judged. */
export interface SignedWebhook {
  readonly secret: string;
  readonly signature: string | undefined;
  readonly body: Buffer;
  readonly now: Date;
}

/**
 * Why a webhook's signature does not hold; null when it does. Several `v1` are allowed while a secret is exchanged.
 * Threat: somebody confirms a payment that nobody made, or sends a webhook that was captured on its way again, later or with another
 * body. Reason: the HMAC covers time and bytes, and is compared in constant time, before its age is told. Consequence: nothing is stored.
 */
export function refusalOf({ secret, signature, body, now }: SignedWebhook): Exclude<WebhookRefusal, 'PAYLOAD_MALFORMED'> | null {
  if (signature === undefined) return 'SIGNATURE_MISSING';
  const parts = signature.split(',').map((part) => part.trim().split('=', 2));
  const time = Number(parts.find(([name]) => name === 't')?.[1]);
  if (!Number.isSafeInteger(time)) return 'SIGNATURE_INVALID';
  const expected = hmac(secret, time, body);
  const isSigned = parts.some(([name, value]) => name === 'v1' && isEqual(Buffer.from(value ?? '', 'hex'), expected));
  if (!isSigned) return 'SIGNATURE_INVALID';
  return Math.abs(now.getTime() / 1000 - time) > toleranceSeconds ? 'SIGNATURE_EXPIRED' : null;
}

function hmac(secret: string, time: number, body: string | Buffer): Buffer {
  return createHmac('sha256', secret).update(`${time}.`).update(body).digest();
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
