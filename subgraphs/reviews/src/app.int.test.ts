import { setTimeout as sleep } from 'node:timers/promises';
import { InternalSigner, type Principal, userPrincipal } from '@app/auth';
import { newId } from '@app/database';
import { RedisTransport } from '@app/events';
import { createLogger } from '@app/observability';
import { type TestDatabase, type TestRedis, testDatabase, testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, entities, keys, MODERATE, nobody, SUBMIT } from '../test/reviews-app.ts';
import { type App, startApp } from './app.ts';
import type { Config } from './config.ts';
import { openDatabase } from './data/client.ts';
import { startWorker, type Worker } from './start-worker.ts';

const KEY = 'k'.repeat(32);
const staff = userPrincipal(newId('usr'), newId('ses'), ['MODERATOR']);
const ann = userPrincipal(newId('usr'), newId('ses'), ['CUSTOMER']);

let database: TestDatabase;
let redisServer: TestRedis;
let redis: Redis;
let app: App;
let worker: Worker;
const logged: string[] = [];

beforeAll(async () => {
  database = await testDatabase('reviews');
  redisServer = await testRedis();
  redis = new Redis(redisServer.url);
  const logger = createLogger({ service: 'reviews', level: 'error', destination: { write: (line: string) => void logged.push(line) } });
  const config: Config = {
    port: 0,
    databaseUrl: database.url,
    databasePoolSize: 5,
    transport: { EVENT_TRANSPORT: 'redis', NATS_URL: '' },
    redisUrl: redisServer.url,
    isCacheOn: true,
    moderationReminderMs: 3_600_000,
    internalKey: KEY,
    logLevel: 'error',
  };
  app = await startApp(config, logger);
  worker = await startWorker(config, logger);
});
afterAll(async () => {
  await Promise.all([app.close(), worker.stop()]);
  redis.disconnect();
  await redisServer[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const signer = new InternalSigner('reviews', KEY, 'gateway');
async function call(principal: Principal, query: string, variables: Record<string, unknown>): Promise<Answer> {
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json', ...signer.sign(principal, body) };
  const response = await fetch(`http://localhost:${app.server.port}/graphql`, { method: 'POST', headers, body });
  return (await response.json()) as Answer;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 1_000; n += 1) {
    if (await holds()) return;
    await sleep(20);
  }
  throw new Error(`never came true: ${what}`);
}

test('both processes answer that they live and are ready', async () => {
  for (const port of [app.server.port, worker.port]) {
    for (const path of ['livez', 'readyz']) expect((await fetch(`http://localhost:${port}/${path}`)).status).toBe(200);
  }
});

test('answers are cached for everybody, and a writer reads what it wrote', async () => {
  const productId = newId('prd');
  const query = entities('Product', 'ratingSummary { count } reviews { nodes { id body } }');
  const read = async (who: Principal) => (await call(who, query, keys('Product', [productId]))).data._entities[0];
  expect(await read(nobody)).toMatchObject({ ratingSummary: { count: 0 } });
  expect((await redis.keys('response:reviews:*')).length).toBeGreaterThan(0);
  const { data } = await call(ann, SUBMIT, { input: { productId, rating: 4, body: 'Good' } });
  await call(staff, MODERATE, { id: data.it.review.id, input: { decision: 'PUBLISH' } });
  expect(await read(nobody)).toEqual({ ratingSummary: { count: 1 }, reviews: { nodes: [{ id: data.it.review.id, body: 'Good' }] } });
});

test('nobody is answered from what was cached for somebody who sees more', async () => {
  const { data } = await call(ann, SUBMIT, { input: { productId: newId('prd'), rating: 4, body: 'Waits' } });
  const query = 'query ($id: ID!) { review(id: $id) { body viewerCanEdit pendingEdit { body } } }';
  const read = async (who: Principal) => (await call(who, query, { id: data.it.review.id })).data.review;
  const other = userPrincipal(newId('usr'), newId('ses'), ['CUSTOMER']);
  for (let n = 0; n < 2; n += 1) {
    expect(await read(ann)).toMatchObject({ body: 'Waits', viewerCanEdit: true });
    expect(await read(staff)).toMatchObject({ body: 'Waits', viewerCanEdit: false });
    expect([await read(other), await read(nobody)]).toEqual([null, null]);
  }
});

test('events go out over Redis and come in from it', async () => {
  const transport = new RedisTransport({ redis });
  const db = openDatabase(database.url);
  const productId = newId('prd');
  const at = new Date().toISOString();
  const line = { lineId: 'ol_1', productId, variantId: newId('var'), sku: 'SKU', quantity: 1 };
  const order = { orderId: newId('ord'), orderNumber: 'N1', buyerId: ann.id, lines: [line], deliveredAt: at };
  await transport.append('orders', 0, [
    {
      specversion: '1.0',
      id: 'evt_1',
      type: 'order.delivered',
      source: 'orders',
      subject: order.orderId,
      time: at,
      datacontenttype: 'application/json',
      dataschema: 'order.delivered/1',
      data: order,
      streamtype: 'order',
      streamversion: 1,
      position: 1,
    },
  ]);
  await until('the purchase is known', async () => (await db.purchasedItem.count({ where: { productId } })) === 1);
  const { data } = await call(ann, SUBMIT, { input: { productId, rating: 5, body: 'Arrived' } });
  expect(data.it.review.verifiedPurchase).toBe(true);
  await call(staff, MODERATE, { id: data.it.review.id, input: { decision: 'PUBLISH' } });
  const leases = await transport.lease({ source: 'reviews', consumer: 'test', owner: 'test', ttlMs: 60_000 });
  const from = leases.map((lease) => ({ lease, after: 0 }));
  await until('the rating is on its way to products', async () => {
    const deliveries = await transport.read(from, { limit: 1_000, waitMs: 10, signal: new AbortController().signal });
    return deliveries.some(({ events }) => events.some(({ type, subject }) => type === 'rating.changed' && subject === productId));
  });
  await transport.close();
  await db.$disconnect();
});

test('nothing of all this was logged as an error', () => {
  expect(logged).toEqual([]);
});
