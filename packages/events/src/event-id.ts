import { randomBytes } from 'node:crypto';

/**
 * An event id: `evt_` and a UUIDv7 (RFC 9562, section 5.7), so ids sort by the time they were made.
 * @param nowMs Unix time in milliseconds.
 * @param entropy Ten bytes or more of randomness.
 */
export function eventId(nowMs: number = Date.now(), entropy: Uint8Array = randomBytes(10)): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(entropy.subarray(0, 10), 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `evt_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
