import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The token in a guest's confirmation mail, made anew from a key whenever the mail is sent, so that it is stored nowhere.
 * Threat: somebody reads the orders table. Consequence: hashes only, of 256-bit secrets, which open nothing.
 */
export function guestToken(key: string, orderId: string): string {
  return createHmac('sha256', key).update(`guest-order\n${orderId}`).digest('base64url');
}

/** What is stored of a token. */
export function hashGuestToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares in constant time. */
export function isGuestToken(token: string, hash: string | null): boolean {
  if (hash === null) return false;
  const given = Buffer.from(hashGuestToken(token));
  const known = Buffer.from(hash);
  return given.length === known.length && timingSafeEqual(given, known);
}
