import { CircuitBreakers } from '@app/circuit-breaker';
import { expect, test } from 'vitest';
import { startTestIssuer } from '../testing/test-issuer.ts';
import { createAuthentication } from './authentication.ts';
import { issuerSchema } from './issuers.ts';

test('an issuer whose keys cannot be fetched keeps nobody from the keys of another', async () => {
  await using down = await startTestIssuer('https://down.test');
  await using up = await startTestIssuer('https://up.test');
  down.fail();
  const issuers = [down, up].flatMap(({ config }) => issuerSchema.array().parse(JSON.parse(config)));
  const { authenticate, jwks } = createAuthentication({
    issuers,
    breakers: new CircuitBreakers(),
    cookie: undefined,
    jwksProxyUrl: undefined,
    jwksCooldownMs: 30_000,
    tokenCacheSize: 10,
    revocation: { redis: undefined, rememberMs: 1, whenUnavailable: 'open', onUnavailable: () => undefined },
  });
  for (let n = 0; n < 30; n++) await expect(jwks?.()).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
  await expect(authenticate(await down.as('CUSTOMER'))).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
  await expect(authenticate(await up.as('CUSTOMER'))).resolves.toMatchObject({ kind: 'user', id: 'usr_1' });
});
