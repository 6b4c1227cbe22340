import { randomUUID } from 'node:crypto';
import { testNats } from '@app/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counted } from '../../test/counted.ts';
import { NatsTransport } from './nats-transport.ts';
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

  test('refuses a number of partitions that is none', () => {
    expect(() => new NatsTransport({ url: server.url, partitions: 0 })).toThrow(/partitions must be 1 or more, got 0/);
  });

  test('says that there is no server, and works once there is one', async () => {
    const nowhere = new NatsTransport({ url: 'nats://127.0.0.1:1' });
    await expect(nowhere.append('test', 0, [counted(1, 'a', 1)])).rejects.toThrow();
    await nowhere.close();
  });
});
