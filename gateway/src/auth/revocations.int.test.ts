import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer } from '../testing/test-issuer.ts';
import { sessionKey, tokenKey } from './revocations.ts';

let server: Awaited<ReturnType<typeof testRedis>>;
beforeAll(async () => {
  server = await testRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

test.each([
  ['session', sessionKey('ses_1')],
  ['token', tokenKey('tok_1')],
])('a revoked %s is refused by every process once its memory of it has passed', async (_name, key) => {
  await using issuer = await startTestIssuer();
  await using graph = await startTestGateway(shop, { REDIS_URL: server.url, ISSUERS: issuer.config, REVOCATION_REMEMBER_MS: '50' });
  const redis = connectRedis(server.url, () => undefined);
  await new Promise((resolve) => redis.once('ready', resolve));
  const headers = { authorization: `Bearer ${await issuer.token(['CUSTOMER'], { claims: { jti: 'tok_1' } })}` };
  const status = async () => (await graph.ask('{ __typename }', { headers })).status;
  expect(await status()).toBe(200);
  await redis.set(key, '1', 'EX', 900);
  await expect.poll(status).toBe(401);
  expect((await graph.ask('{ __typename }')).status).toBe(200);
  await redis.del(key);
  redis.disconnect();
});

test.each([
  ['open', 200],
  ['closed', 401],
])('without Redis, "%s" answers a signed-in request with %d', async (REVOCATION, status) => {
  await using issuer = await startTestIssuer();
  await using graph = await startTestGateway(shop, { REDIS_URL: 'redis://127.0.0.1:1', ISSUERS: issuer.config, REVOCATION });
  expect((await graph.ask('{ __typename }', { headers: await issuer.as('CUSTOMER') })).status).toBe(status);
});
