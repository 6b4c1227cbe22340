import { expect, test } from 'vitest';
import { NatsTransport } from './nats-transport.ts';
import { openTransport } from './open-transport.ts';
import { RedisTransport } from './redis-transport.ts';

const NATS_URL = 'nats://127.0.0.1:1';

test('the configuration names the transport, and nothing is connected before it is used', async () => {
  const nats = openTransport({ EVENT_TRANSPORT: 'nats', NATS_URL, REDIS_URL: 'redis://127.0.0.1:1' });
  expect(nats).toBeInstanceOf(NatsTransport);
  await nats.close();
  const redis = openTransport({ EVENT_TRANSPORT: 'redis', NATS_URL, REDIS_URL: 'redis://127.0.0.1:1' });
  expect(redis).toBeInstanceOf(RedisTransport);
  await redis.close();
});

test('without an address of Redis there is no transport over it', () => {
  expect(openTransport({ EVENT_TRANSPORT: 'redis', NATS_URL })).toBeNull();
});
