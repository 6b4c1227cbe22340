import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { acceptedStep, fromBase32, hotp, otpauthUrl, timeStep, toBase32 } from './totp.ts';

/** The secret of the RFCs' own examples. */
const secret = Buffer.from('12345678901234567890');

test.each([
  [0, '755224'],
  [1, '287082'],
  [9, '520489'],
])('counter %i gives %s (RFC 4226, appendix D)', (counter, code) => {
  expect(hotp(secret, counter)).toBe(code);
});

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [20_000_000_000, '353130'],
])('second %i gives %s (RFC 6238, appendix B)', (second, code) => {
  const now = new Date(second * 1000);
  expect(hotp(secret, timeStep(now))).toBe(code);
  expect(acceptedStep(secret, code, now, null)).toBe(timeStep(now));
});

test('a code is accepted one step early and late, not two, and never twice', () => {
  const now = new Date(1_111_111_109_000);
  const step = timeStep(now);
  const accepted = [-2, -1, 0, 1, 2].map((shift) => acceptedStep(secret, hotp(secret, step + shift), now, null));
  expect(accepted).toEqual([null, step - 1, step, step + 1, null]);
  expect(acceptedStep(secret, hotp(secret, step), now, step)).toBeNull();
  expect(acceptedStep(secret, hotp(secret, step - 1), now, step)).toBeNull();
});

test.each(['', '12345', '1234567', 'abcdef', '12345\u0000'])('%j is no code', (code) => {
  expect(acceptedStep(secret, code, new Date(), null)).toBeNull();
});

test('base32 agrees with RFC 4648 and turns round', () => {
  expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
  const bytes = new Uint8Array(randomBytes(20));
  expect(fromBase32(toBase32(bytes))).toEqual(bytes);
  expect(otpauthUrl('Shop & Co', 'ada@example.com', secret)).toMatch(
    /^otpauth:\/\/totp\/Shop%20%26%20Co:ada%40example\.com\?secret=[A-Z2-7]{32}&issuer=/,
  );
});
