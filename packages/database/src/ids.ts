import { randomFillSync } from 'node:crypto';

/**
 * A prefixed UUIDv7 (RFC 9562): `prd_` + 32 lower-case hex digits. Sorts by time of creation, is the stored primary key,
 * and crosses subgraphs byte for byte.
 * @param prefix what kind of thing it names: two to four lower-case letters.
 * @param now milliseconds since the epoch.
 * @param random ten random bytes.
 */
export function newId(prefix: string, now: number = Date.now(), random: Uint8Array = randomFillSync(new Uint8Array(10))): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `${prefix}_${bytes.toString('hex')}`;
}

/** True when the value is an id of that kind. Anything else from outside is treated as an id of nothing. */
export function isId(prefix: string, value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length === prefix.length + 33 &&
    value.startsWith(`${prefix}_`) &&
    /^[0-9a-f]{32}$/.test(value.slice(-32))
  );
}
