import { randomUUID } from 'node:crypto';
import { testNats, testProxy } from '@app/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counted } from '../../test/counted.ts';
import { until } from '../../test/until.ts';
import type { EventEnvelope } from '../envelope.ts';
import { NatsTransport } from './nats-transport.ts';
import { partitionOf } from './partition.ts';
import { UNREADABLE_TYPE } from './read-entry.ts';
import { transportContract } from './transport.contract.ts';

let server: Awaited<ReturnType<typeof testNats>>;

async function open() {
  const prefix = `t${randomUUID()}`;
  const connection = await connect({ servers: server.url });
  const manager = await jetstreamManager(connection);
  const transport = new NatsTransport({ url: server.url, prefix, partitions: 4 });
  const other = new NatsTransport({ url: server.url, prefix, partitions: 4 });
  const flush = async () => {
    for await (const name of manager.streams.names()) if (name.startsWith(prefix)) await manager.streams.delete(name);
  };
  return {
    prefix,
    manager,
    transport,
    other,
    flush,
    async [Symbol.asyncDispose]() {
      await Promise.all([transport.close(), other.close()]);
      await flush();
      await connection.close();
    },
  };
}

describe('the NATS transport', () => {
  beforeAll(async () => {
    server = await testNats();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  transportContract(open);

  test('hands over a message that holds no event as what it is, and reads on behind it', async () => {
    await using under = await open();
    await under.transport.append('test', 0, [counted(1, 'a', 1)]);
    const subject = `${under.prefix}.log.test.${partitionOf('counter', 'a', 4)}`;
    await under.manager.jetstream().publish(subject, 'garbage');
    await under.transport.append('test', 2, [counted(3, 'a', 2)]);
    const leases = await under.transport.lease({ source: 'test', consumer: 'c', owner: 'o', ttlMs: 5_000 });
    const from = leases.map((lease) => ({ lease, after: 0 }));
    let read: readonly EventEnvelope[] = [];
    await until('all three are read', async () => {
      const deliveries = await under.transport.read(from, { limit: 10, waitMs: 20, signal: new AbortController().signal });
      read = deliveries.flatMap(({ events }) => events);
      return read.length === 3;
    });
    expect(read.map(({ type }) => type)).toEqual(['counter.counted', UNREADABLE_TYPE, 'counter.counted']);
  });

  test('refuses a number of partitions that is none', () => {
    expect(() => new NatsTransport({ url: server.url, partitions: 0 })).toThrow(/partitions must be 1 or more, got 0/);
  });

  test('a server whose machine is gone without a word is given up, and asked anew', async () => {
    await using proxy = await testProxy(server.url);
    const transport = new NatsTransport({ url: proxy.url, prefix: `t${randomUUID()}` });
    await transport.append('test', 0, [counted(1, 'a', 1)]);
    proxy.fallSilent();
    const append = () => transport.append('test', 1, [counted(2, 'a', 2)]);
    await expect(append()).rejects.toThrow();
    await until('it is appended', async () => (await append().catch(() => 0)) === 2);
    await transport.close();
  });

  test('says that there is no server, and works once there is one', async () => {
    const nowhere = new NatsTransport({ url: 'nats://127.0.0.1:1' });
    await expect(nowhere.append('test', 0, [counted(1, 'a', 1)])).rejects.toThrow();
    await nowhere.close();
  });
});
