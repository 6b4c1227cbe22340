import { expect, test } from 'vitest';
import {
  anonymous,
  InternalSigner,
  internalSignatureHeader,
  internalTokenHeader,
  type Principal,
  userPrincipal,
  verifyInternalCall,
} from './index.ts';

const key = 'k'.repeat(32);
const start = Date.UTC(2026, 0, 1);
const user = userPrincipal('usr_1', 'ses_1', ['SUPPORT']);
const signer = new InternalSigner('orders', key, 'gateway', () => start);
const verifier = { audience: 'orders', key, now: () => start };

test.each<Principal>([anonymous, user, { kind: 'service', id: 'orders' }])(
  'what was signed for $kind is what the service sees',
  (principal) => {
    const headers = signer.sign(principal, '{"query":"{a}"}');
    expect(verifyInternalCall(headers, '{"query":"{a}"}', verifier)).toEqual({ issuer: 'gateway', principal });
  },
);

test('two people never share a token, nor do two tokens of one person that allow different things', () => {
  const token = (principal: Principal) => signer.sign(principal, 'x')[internalTokenHeader];
  expect(
    new Set([
      token(user),
      token(userPrincipal('usr_1', 'ses_2', ['SUPPORT'])),
      token(userPrincipal('usr_1', 'ses_1', ['ADMIN'])),
      token({ ...user, scopes: [] }),
      token({ ...user, scopes: [...user.scopes, 'payments:write'] }),
      token({ kind: 'service', id: 'orders' }),
      token({ kind: 'service', id: 'products' }),
      token(anonymous),
    ]).size,
  ).toBe(8);
});

const good = signer.sign(user, 'body');
const token = good[internalTokenHeader] ?? '';
const signature = good[internalSignatureHeader] ?? '';
const [head, payload, mac] = token.split('.');
const forged = Buffer.from(JSON.stringify({ iss: 'gateway', aud: 'orders', exp: 9e9, kind: 'service', sub: 'orders' })).toString(
  'base64url',
);

test.each<[string, Record<string, string>, string?, object?]>([
  ['no headers', {}],
  ['no signature', { [internalTokenHeader]: token }],
  ['another body', good, 'other'],
  ['another audience', good, 'body', { audience: 'products' }],
  ['another key', good, 'body', { key: 'j'.repeat(32) }],
  ['a signature from the past', good, 'body', { now: () => start + 31_000 }],
  ['a signature from the future', good, 'body', { now: () => start - 31_000 }],
  ['a malformed signature', { ...good, [internalSignatureHeader]: 'x' }],
  ['a shorter signature', { ...good, [internalSignatureHeader]: signature.slice(0, -1) }],
  ['a changed payload', { ...good, [internalTokenHeader]: `${head}.${forged}.${mac}` }],
])('refused: %s', (_name, headers, body = 'body', change = {}) => {
  expect(() => verifyInternalCall(headers, body, { ...verifier, ...change })).toThrow('only signed internal requests');
});

test('a rightly signed body does not save a token that is expired, unsigned or of another algorithm', () => {
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  for (const bad of [`${none}.${payload}.`, `${head}.${payload}`, `${token}.x`, `${head}.${forged}.${mac}`]) {
    const resigned = new InternalSigner('orders', key, 'gateway', () => start);
    Object.assign(resigned, { tokenFor: () => bad });
    expect(() => verifyInternalCall(resigned.sign(user, 'body'), 'body', verifier)).toThrow('only signed internal requests');
  }
  const old = new InternalSigner('orders', key, 'gateway', () => start);
  const oldToken = old.sign(user, 'body')[internalTokenHeader];
  const later = new InternalSigner('orders', key, 'gateway', () => start + 61_000);
  Object.assign(later, { tokenFor: () => oldToken });
  expect(() => verifyInternalCall(later.sign(user, 'body'), 'body', { ...verifier, now: () => start + 61_000 })).toThrow();
});

test('tokens are renewed at half their life and the cache does not grow without bound', () => {
  let now = start;
  const moving = new InternalSigner('orders', key, 'gateway', () => now);
  const first = moving.sign(user, 'x')[internalTokenHeader];
  now += 29_000;
  expect(moving.sign(user, 'x')[internalTokenHeader]).toBe(first);
  now += 2_000;
  expect(moving.sign(user, 'x')[internalTokenHeader]).not.toBe(first);
  for (let index = 0; index < 5_001; index += 1) moving.sign(userPrincipal(`usr_${index}`, 's', []), 'x');
  expect(Reflect.get(moving, 'tokens').size).toBeLessThan(5_001);
});
