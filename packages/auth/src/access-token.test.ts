import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { hasScope, isRole, type SigningKey, scopes, scopesOfRoles, signAccessToken, verifyAccessToken } from './index.ts';

const now = new Date('2026-01-01T00:00:00Z');
const parties = { issuer: 'https://accounts.test', audience: 'supergraph' };
let key: SigningKey;
let keys: ReturnType<typeof createLocalJWKSet>;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA');
  key = { keyId: 'k1', privateKey: pair.privateKey };
  keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA' }] });
});

const sign = (change = {}) =>
  signAccessToken({ subject: 'usr_1', sessionId: 'ses_1', roles: ['SUPPORT'], tokenId: 't1' }, key, { ...parties, now, ...change });

test('a verified token gives the principal with the scopes of its roles', async () => {
  const verified = await verifyAccessToken(await sign(), keys, { ...parties, now });
  expect(verified).toEqual({
    principal: { kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles: ['SUPPORT'], scopes: ['accounts:read', 'orders:read'] },
    tokenId: 't1',
    expiresAt: new Date('2026-01-01T00:15:00Z'),
  });
});

test.each([
  ['expired', {}, new Date('2026-01-01T00:16:00Z')],
  ['of another issuer', { issuer: 'https://evil.test' }, now],
  ['for another audience', { audience: 'other' }, now],
])('a token that is %s is refused', async (_name, change, at) => {
  await expect(verifyAccessToken(await sign(change), keys, { ...parties, now: at })).rejects.toThrow();
});

test('another type of JWT by the same key is no access token', async () => {
  const other = await new SignJWT({ sid: 's', roles: ['ADMIN'] })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: 'k1' })
    .setSubject('usr_1')
    .setJti('j')
    .setIssuer(parties.issuer)
    .setAudience(parties.audience)
    .setIssuedAt(now)
    .setExpirationTime('1h')
    .sign(key.privateKey);
  await expect(verifyAccessToken(other, keys, { ...parties, now })).rejects.toMatchObject({ claim: 'typ' });
});

test('roles that nobody knows, and roles that are no list, give nothing', async () => {
  const verify = async (roles: unknown) => {
    const token = await new SignJWT({ sid: 's', roles })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'k1' })
      .setSubject('usr_1')
      .setJti('j')
      .setIssuer(parties.issuer)
      .setAudience(parties.audience)
      .setIssuedAt(now)
      .setExpirationTime('1h')
      .sign(key.privateKey);
    return (await verifyAccessToken(token, keys, { ...parties, now })).principal.roles;
  };
  expect(await verify(['KING', 'CUSTOMER'])).toEqual(['CUSTOMER']);
  expect(await verify('ADMIN')).toEqual([]);
});

test('roles give scopes', () => {
  expect(scopesOfRoles(['ADMIN'])).toEqual([...scopes]);
  expect(scopesOfRoles(['MODERATOR', 'CUSTOMER'])).toEqual(['reviews:moderate', 'reviews:reply']);
  expect(isRole('toString')).toBe(false);
  expect(hasScope({ kind: 'anonymous' }, 'orders:read')).toBe(false);
});
