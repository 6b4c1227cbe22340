import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { DecryptionError, KeyRing } from './key-ring.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const ring = KeyRing.parse(`new:${key(2)}, old:${key(1)}`);
const oldRing = KeyRing.parse(`old:${key(1)}`);

test('what was encrypted comes back, and is different every time', () => {
  const texts = ['', 'Hauptstraße 1', '😀', randomBytes(5_000).toString('hex')];
  for (const text of texts) {
    const stored = ring.encrypt(text, 'Address.line1');
    expect(stored).toMatch(/^enc\.v1\.new\.[\w-]+$/);
    expect(stored).not.toContain(text || 'Haupt');
    expect(ring.decrypt(stored, 'Address.line1')).toBe(text);
    expect(ring.encrypt(text, 'Address.line1')).not.toBe(stored);
  }
});

test('an old key still reads and is recognised as stale', () => {
  const stored = oldRing.encrypt('x', 'Address.line1');
  expect(ring.decrypt(stored, 'Address.line1')).toBe('x');
  expect([ring.isStale(stored), oldRing.isStale(stored), ring.isStale('plain')]).toEqual([true, false, false]);
  expect(ring.currentKeyId).toBe('new');
});

test('a value that was moved, changed, cut or written with a lost key does not decrypt, and the error shows no text', () => {
  const stored = ring.encrypt('secret street', 'Address.line1');
  // Not the last character: some of its bits are padding, and changing only those changes nothing.
  const flipped = `${stored.slice(0, -5)}${stored.at(-5) === 'A' ? 'B' : 'A'}${stored.slice(-4)}`;
  const bad: [string, string][] = [
    [stored, 'Address.phone'],
    [flipped, 'Address.line1'],
    [stored.slice(0, 40), 'Address.line1'],
    ['enc.v1.new', 'Address.line1'],
    ['plain', 'Address.line1'],
  ];
  for (const [text, place] of bad) expect(() => ring.decrypt(text, place)).toThrow(DecryptionError);
  expect(() => oldRing.decrypt(stored, 'Address.line1')).toThrow('key new is not in the key ring');
});

test.each([
  ['', 'a key id must be'],
  [`a b:${key(1)}`, 'a key id must be'],
  ['k1:c2hvcnQ=', 'key k1 must be 32 bytes in base64, was 5'],
  ['k1', 'key k1 must be 32 bytes in base64, was 0'],
  [`k1:${key(1)},k1:${key(2)}`, 'key k1 is there twice'],
])('the key ring %j is refused', (text, message) => {
  expect(() => KeyRing.parse(text)).toThrow(message);
});
