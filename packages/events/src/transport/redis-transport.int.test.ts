import { randomUUID } from 'node:crypto';
import { type TestRedis, testProxy, testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { counted } from '../../test/counted.ts';
import { connectStreams } from './connect-streams.ts';
import { UNREADABLE_TYPE } from './read-entry.ts';
import { RedisTransport } from './redis-transport.ts';
import { transportContract } from './transport.contract.ts';

let server: TestRedis;

/** Appends an event and finds the partition it went to. */
async function partitionOfA(transport: RedisTransport) {
  await transport.append('test', 0, [counted(1, 'a', 1)]);
  const leases = await transport.lease({ source: 'test', consumer: 'c', owner: 'o', ttlMs: 5_000 });
  const from = leases.map((lease) => ({ lease, after: 0 }));
  const [delivery] = await transport.read(from, { limit: 10, waitMs: 20, signal: new AbortController().signal });
  return { partition: delivery?.lease.partition, leases };
}

async function open() {
  const redis = new Redis(server.url);
  const prefix = randomUUID();
  const transport = new RedisTransport({ redis, prefix, partitions: 4 });
  const otherRedis = redis.duplicate();
  const other = new RedisTransport({ redis: otherRedis, prefix, partitions: 4 });
  const flush = async () => {
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(...keys);
  };
  return {
    redis,
    prefix,
    transport,
    other,
    flush,
    async [Symbol.asyncDispose]() {
      await Promise.all([transport.close(), other.close()]);
      await flush();
      redis.disconnect();
      otherRedis.disconnect();
    },
  };
}

describe('the Redis transport', () => {
  beforeAll(async () => {
    server = await testRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  transportContract(open);

  test('keeps what survived when only the end of the log is lost', async () => {
    await using under = await open();
    await under.transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'a', 2)]);
    await under.redis.del(`${under.prefix}:{test}:end`);
    expect(await under.transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'a', 2), counted(3, 'a', 3)])).toBe(3);
    const leases = await under.transport.lease({ source: 'test', consumer: 'c', owner: 'o', ttlMs: 5_000 });
    const from = leases.map((lease) => ({ lease, after: 0 }));
    const [delivery] = await under.transport.read(from, { limit: 10, waitMs: 20, signal: new AbortController().signal });
    expect(delivery?.events.map(({ position }) => position)).toEqual([1, 2, 3]);
  });

  test('reports a key of the wrong kind instead of losing the event', async () => {
    await using under = await open();
    for (let n = 0; n < 4; n += 1) await under.redis.set(`${under.prefix}:{test}:log:${n}`, 'not a stream');
    await expect(under.transport.append('test', 0, [counted(1, 'a', 1)])).rejects.toThrow(/WRONGTYPE/);
    const leases = await under.transport.lease({ source: 'test', consumer: 'c', owner: 'o', ttlMs: 5_000 });
    const from = leases.map((lease) => ({ lease, after: 0 }));
    const options = { limit: 10, waitMs: 20, signal: new AbortController().signal };
    await expect(under.transport.read(from, options)).rejects.toThrow(/WRONGTYPE/);
  });

  test('hands over an entry that holds no event as what it is, and reads on behind it', async () => {
    await using under = await open();
    const { partition, leases } = await partitionOfA(under.transport);
    await under.redis.xadd(`${under.prefix}:{test}:log:${partition}`, '2-0', 'event', 'garbage');
    await under.redis.set(`${under.prefix}:{test}:end`, 2);
    await under.transport.append('test', 2, [counted(3, 'a', 2)]);
    const from = leases.map((lease) => ({ lease, after: 0 }));
    const [delivery] = await under.transport.read(from, { limit: 10, waitMs: 20, signal: new AbortController().signal });
    expect(delivery?.events.map(({ type, position }) => [type, position])).toEqual([
      ['counter.counted', 1],
      [UNREADABLE_TYPE, 2],
      ['counter.counted', 3],
    ]);
  });

  test('says so when somebody else wrote behind the end of the log, instead of dropping what does not fit any more', async () => {
    await using under = await open();
    const { partition } = await partitionOfA(under.transport);
    const log = `${under.prefix}:{test}:log:${partition}`;
    const id = await under.redis.xadd(log, '*', 'event', '{"by":"hand"}');
    const next = () => under.transport.append('test', 1, [counted(2, 'a', 2)]);
    await expect(next()).rejects.toThrow(`${log} does not take position 2: somebody else wrote to it; empty the log`);
    await under.redis.xdel(log, id ?? '');
    await expect(next()).rejects.toThrow('does not take position 2');
    await under.flush();
    expect(await under.transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'a', 2)])).toBe(2);
  });

  test('lets commands wait for its connection, and fails them when there is no server', async () => {
    const early = connectStreams(server.url);
    const transport = new RedisTransport({ redis: early, prefix: randomUUID() });
    expect(await transport.append('test', 0, [counted(1, 'a', 1)])).toBe(1);
    early.disconnect();
    const errors: Error[] = [];
    const nowhere = connectStreams('redis://127.0.0.1:1', (error) => errors.push(error));
    await expect(new RedisTransport({ redis: nowhere }).append('test', 0, [])).rejects.toThrow();
    nowhere.disconnect();
    expect(errors[0]?.message).toContain('ECONNREFUSED');
  });

  test('a server whose machine is gone without a word is given up, and asked anew', async () => {
    await using proxy = await testProxy(server.url);
    const transport = new RedisTransport({ redis: connectStreams(proxy.url), prefix: randomUUID(), isConnectionOwned: true });
    await transport.append('test', 0, [counted(1, 'a', 1)]);
    proxy.fallSilent();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    try {
      const appended = transport.append('test', 1, [counted(2, 'a', 2)]);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(await appended).toBe(2);
    } finally {
      vi.useRealTimers();
      await transport.close();
    }
  });

  test('a read that waits for its connection ends when it is told to', async () => {
    const nowhere = connectStreams('redis://127.0.0.1:1');
    const transport = new RedisTransport({ redis: nowhere, isConnectionOwned: true });
    const lease = { source: 'test', consumer: 'c', partition: 0, owner: 'o', fence: 1, committed: 0 };
    const read = (signal: AbortSignal) => transport.read([{ lease, after: 0 }], { limit: 1, waitMs: 10, signal });
    await expect(read(AbortSignal.timeout(60_000))).rejects.toThrow();
    // From here on its connection is being made again, with pauses.
    expect(await read(AbortSignal.timeout(10))).toEqual([]);
    await transport.close();
  });

  test('refuses a number of partitions that is none', async () => {
    await using under = await open();
    expect(() => new RedisTransport({ redis: under.redis, partitions: 1.5 })).toThrow(/partitions must be 1 or more, got 1.5/);
  });
});
