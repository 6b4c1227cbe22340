import { expect, test } from 'vitest';
import { refusalOf, signWebhook, toleranceSeconds } from './webhook-signature.ts';

const now = new Date('2026-11-21T10:00:00Z');
const body = Buffer.from('{"id":"evt_1"}');
const secret = 'a secret';
const judge = (signature: string | undefined, more: object = {}) => refusalOf({ secret, signature, body, now, ...more });

test('a fresh signature over the bytes holds, within the tolerance on both sides', () => {
  for (const seconds of [0, toleranceSeconds, -toleranceSeconds]) {
    expect(judge(signWebhook(secret, body, new Date(now.getTime() + seconds * 1000)))).toBeNull();
  }
});

test('one that is too old or from the future is told so only when it is genuine', () => {
  const old = new Date(now.getTime() - (toleranceSeconds + 1) * 1000);
  expect(judge(signWebhook(secret, body, old))).toBe('SIGNATURE_EXPIRED');
  expect(judge(signWebhook('another', body, old))).toBe('SIGNATURE_INVALID');
  expect(judge(signWebhook(secret, body, new Date(now.getTime() + 301_000)))).toBe('SIGNATURE_EXPIRED');
});

test.each([
  ['', 'SIGNATURE_INVALID'],
  ['t=,v1=', 'SIGNATURE_INVALID'],
  ['t=NaN,v1=00', 'SIGNATURE_INVALID'],
  [`t=${Math.floor(now.getTime() / 1000)}`, 'SIGNATURE_INVALID'],
  [`t=${Math.floor(now.getTime() / 1000)},v1=`, 'SIGNATURE_INVALID'],
  [`t=${Math.floor(now.getTime() / 1000)},v1=zz`, 'SIGNATURE_INVALID'],
  [`${signWebhook(secret, body, now)}00`, 'SIGNATURE_INVALID'],
  [signWebhook(secret, body, now).replace('v1', 'v0'), 'SIGNATURE_INVALID'],
])('"%s" is %s', (signature, refusal) => expect(judge(signature)).toBe(refusal));

test('while a secret is exchanged either signature is enough; another time or body breaks it', () => {
  const signature = signWebhook(secret, body, now);
  const both = `${signWebhook('old', body, now)},${signature.split(',')[1] ?? ''}`;
  expect(judge(both)).toBeNull();
  expect(judge(undefined)).toBe('SIGNATURE_MISSING');
  expect(judge(signature, { body: Buffer.from('{"id":"evt_2"}') })).toBe('SIGNATURE_INVALID');
  expect(judge(signature.replace(/t=\d+/, `t=${Math.floor(now.getTime() / 1000) + 1}`))).toBe('SIGNATURE_INVALID');
});
