import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that one code is shown (RFC 6238, section 5.2). */
const stepSeconds = 30;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A code of a counter: HOTP with HMAC-SHA-1 and six digits (RFC 4226, section 5.3), which all authenticator apps speak. */
export function hotp(secret: Uint8Array, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(message).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** The time step of an instant (RFC 6238, section 4.2). */
export function timeStep(now: Date): number {
  return Math.floor(now.getTime() / 1000 / stepSeconds);
}

/**
 * The time step whose code this is: the current one or one to either side, for clocks that differ. Null when it is
 * none of them, or not newer than `lastUsedStep`: a code that was looked at over a shoulder does not work again.
 */
export function acceptedStep(secret: Uint8Array, code: string, now: Date, lastUsedStep: number | null): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const current = timeStep(now);
  const found = [current, current - 1, current + 1].find((step) => timingSafeEqual(Buffer.from(hotp(secret, step)), Buffer.from(code)));
  return found === undefined || (lastUsedStep !== null && found <= lastUsedStep) ? null : found;
}

/** What a QR code shows to an authenticator app (Key Uri Format). */
export function otpauthUrl(issuer: string, account: string, secret: Uint8Array): string {
  const query = new URLSearchParams({
    secret: toBase32(secret),
    issuer,
    algorithm: 'SHA1',
    digits: String(digits),
    period: String(stepSeconds),
  });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query.toString()}`;
}

/** Base32 without padding (RFC 4648, section 6). */
export function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** The bytes of base32 text that {@link toBase32} wrote. */
export function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}
