import { anonymous, type Denial, denialField, denialsStream } from '@app/auth';
import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { createDenialLog } from './denial-log.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated"])';
let it: TestGateway;
let reader: Redis;
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  const redis = owned.use(await testRedis());
  reader = owned.adopt(new Redis(redis.url), (connection) => connection.disconnect());
  const shop = {
    sdl: `${link} type Query { open: String  secret: String @authenticated  box: Box } type Box { size: Int  key: String @authenticated }`,
    resolvers: { Query: { open: () => 'open', box: () => ({ size: 1, key: 'k' }) } },
  };
  it = owned.use(await startTestGateway({ shop }, { REDIS_URL: redis.url }));
});
afterAll(() => owned.disposeAsync());

async function written(): Promise<Denial[]> {
  const entries = await reader.xrange(denialsStream, '-', '+');
  return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf(denialField) + 1] ?? '') as Denial);
}

test('what somebody did not get is told once with how often, and nothing else is', async () => {
  await it.ask('query Fine { open }');
  for (let n = 0; n < 5; n++) await it.ask('query Curious { open secret box { key size } }');
  await vi.waitFor(async () => expect((await written()).reduce((sum, { times }) => sum + times, 0)).toBe(5), { timeout: 20_000 });
  for (const denial of await written()) expect(denial).toMatchObject({ actorId: null, operation: 'Curious', paths: ['secret', 'box.key'] });
  expect(await (await fetch(it.gateway.metricsUrl)).text()).toMatch(/^gateway_denied_total\{.*principal="anonymous".*\} 5$/m);
});

test('without Redis denials wait, up to a bound, and nothing fails', async () => {
  const redis = connectRedis('redis://127.0.0.1:1', () => undefined);
  let shed = 0;
  const log = createDenialLog({ redis, maxPending: 2, intervalMs: 5, onShed: (count) => (shed += count), now: Date.now });
  const deny = (name: string) => log.record({ requestId: 'r', principal: anonymous, operationName: name, paths: [['secret']] });
  for (const name of ['A', 'A', 'B', 'C', 'C', 'A']) deny(name);
  expect(shed).toBe(2);
  await log[Symbol.asyncDispose]();
  redis.disconnect();
});

test('long names and paths are cut', async () => {
  await reader.del(denialsStream);
  const log = createDenialLog({ redis: reader, maxPending: 2, intervalMs: 60_000, onShed: () => undefined, now: Date.now });
  const long = 'n'.repeat(8_000);
  log.record({ requestId: 'r', principal: anonymous, operationName: long, paths: [[long, long]] });
  await log[Symbol.asyncDispose]();
  expect(await written()).toMatchObject([{ operation: 'n'.repeat(256), paths: ['n'.repeat(256)] }]);
});
