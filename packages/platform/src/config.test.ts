import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const root = join(import.meta.dirname, '../../..');

test('without any variable everything is at its documented place', () => {
  const config = readConfig({}, root);
  expect(config).toMatchObject({ gatewayPort: 4000, metricsPort: 9400, redisUrl: undefined, dataDir: join(root, '.data'), seedScale: 1 });
  expect(config.subgraphs.slice(0, 4).map(({ name, port }) => [name, port])).toEqual([
    ['accounts', 4001],
    ['products', 4002],
    ['reviews', 4003],
    ['orders', 4004],
  ]);
});

test('a database or Redis of your own replaces the embedded one, and an absolute folder is taken as it is', () => {
  const env = { DATABASE_URL_ORDERS: 'postgres://u@h/o', REDIS_URL: 'rediss://h', DATA_DIR: '/elsewhere' };
  const config = readConfig(env, root);
  const given = config.subgraphs.filter(({ databaseUrl }) => databaseUrl !== undefined);
  expect(given.map(({ name, databaseUrl }) => [name, databaseUrl])).toEqual([['orders', 'postgres://u@h/o']]);
  expect(config).toMatchObject({ redisUrl: 'rediss://h', dataDir: '/elsewhere' });
});

test.each([
  ['ORDERS_PORT', '70000', /ORDERS_PORT is "70000": allowed is a whole number from 0 to 65535/],
  ['SEED_SCALE', '-1', /SEED_SCALE is "-1"/],
  ['REDIS_URL', 'http://x', /REDIS_URL is \(hidden\): allowed is a URL starting with redis/],
  ['DATABASE_URL_REVIEWS', 'mysql://secret@x', /DATABASE_URL_REVIEWS is \(hidden\): allowed/],
])('%s = %s stops the start with what is allowed', (name, value, message) => {
  expect(() => readConfig({ [name]: value }, root)).toThrow(message);
});
