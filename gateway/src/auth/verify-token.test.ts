import { generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { issuerSchema } from './issuers.ts';
import { rememberVerified } from './token-cache.ts';
import { createVerifier } from './verify-token.ts';

test('a remembered token lives no longer than its issuer says, whatever it says itself', async () => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const place = { issuer: 'https://issuer.test', audience: 'graph', jwksUrl: 'https://issuer.test/keys' };
  const issuer = { ...issuerSchema.parse({ ...place, maxTokenAgeSeconds: 60 }), keys: async () => publicKey };
  const iat = Math.floor(Date.now() / 1000);
  const token = (exp: number) =>
    new SignJWT({ iss: place.issuer, aud: place.audience, sub: 'usr_1', sid: 'ses_1', jti: 'one', iat, exp })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .sign(privateKey);
  const verify = createVerifier([issuer]);
  expect(await verify(await token(iat + 86_400))).toMatchObject({ expiresAtMs: (iat + 60) * 1000 });
  expect(await verify(await token(iat + 30))).toMatchObject({ expiresAtMs: (iat + 30) * 1000 });
  let now = iat * 1000;
  let verifications = 0;
  const counted = (text: string) => {
    verifications++;
    return verify(text);
  };
  const remembering = rememberVerified(counted, { max: 10, now: () => now });
  const long = await token(iat + 86_400);
  for (const seconds of [0, 59, 60, 61]) {
    now = (iat + seconds) * 1000;
    await remembering(long);
  }
  expect(verifications).toBe(3);
});
