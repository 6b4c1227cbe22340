import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { issuerKeys } from './issuer-keys.ts';

test('while no keys are known they are asked for again after a second, however long the cooldown is', async () => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' }] };
  let now = 1_000_000;
  let asked = 0;
  let isUp = false;
  const ask = async () => {
    asked += 1;
    return isUp ? Response.json(jwks) : new Response('starting', { status: 503 });
  };
  const keys = issuerKeys(new URL('http://issuer/jwks.json'), {
    cooldownMs: 30_000,
    maxAgeMs: 600_000,
    timeoutMs: 2_000,
    ask,
    now: () => now,
  });
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'EdDSA', kid: 'k1' }).sign(privateKey);
  const verify = () => jwtVerify(token, keys, { algorithms: ['EdDSA'] });
  for (let n = 0; n < 5; n++) await expect(verify()).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
  expect(asked).toBe(1);
  isUp = true;
  now += 1_000;
  await expect(verify()).resolves.toBeDefined();
  const unknown = await new SignJWT({}).setProtectedHeader({ alg: 'EdDSA', kid: 'k2' }).sign(privateKey);
  now += 29_000;
  await expect(jwtVerify(unknown, keys, { algorithms: ['EdDSA'] })).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  expect(asked).toBe(2);
});
