import { testProxy } from '@app/testing';
import { expect, test } from 'vitest';
import { Counted, counted } from '../test/counted.ts';
import { openEventDatabase } from '../test/event-database.ts';
import { until } from '../test/until.ts';
import type { EventEnvelope } from './envelope.ts';
import { publish } from './publish.ts';
import { type RelaySignal, startRelay } from './relay.ts';
import { pgTransactor } from './transaction.ts';
import { MemoryTransport } from './transport/memory-transport.ts';

/** A memory transport that keeps what was offered and what was taken, and can fail after taking it. */
class RecordingTransport extends MemoryTransport {
  readonly taken: EventEnvelope[] = [];
  afterAppend: () => Promise<void> = async () => undefined;

  override async append(source: string, after: number, events: readonly EventEnvelope[]): Promise<number> {
    const isNext = (await super.append(source, 0, [])) === after;
    const end = await super.append(source, after, events);
    if (isNext && events.length > 0) {
      this.taken.push(...events);
      await this.afterAppend();
    }
    return end;
  }
}

const CAUSE = { correlationId: 'req', causationId: 'cmd', traceparent: '00-1-2-01', actor: 'usr_1' };

test('an event whose relay dies between push and mark is pushed once all the same', async () => {
  await using db = await openEventDatabase();
  const transport = new RecordingTransport();
  const signals: RelaySignal[] = [];
  const write = (n: number) => pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n })));
  await write(1);
  let kills = 0;
  transport.afterAppend = async () => {
    if (kills === 2) return;
    kills += 1;
    await write(kills + 1);
    await db.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'relay'`,
    );
  };
  const connection = { connectionString: db.url, application_name: 'relay' };
  const relay = startRelay({ connection, source: 'test', transport, pollMs: 20, observe: (signal) => signals.push(signal) });
  await until('all three events are pushed', () => transport.taken.length === 3);
  await until('the cursor has followed', async () => (await db.pool.query('SELECT FROM event_relay WHERE position = 3')).rowCount === 1);
  await relay.stop();
  await relay.stop();
  expect(transport.taken.map(({ position }) => position)).toEqual([1, 2, 3]);
  expect(signals.filter(({ kind }) => kind === 'failed').length).toBeGreaterThanOrEqual(2);
  expect(signals).toContainEqual({ kind: 'rewound', from: 0, to: 1 });
});

test('only one of two relays works, and the other takes over when it stops', async () => {
  await using db = await openEventDatabase();
  const transport = new RecordingTransport();
  const leaders: string[] = [];
  const start = (name: string) =>
    startRelay({
      connection: { connectionString: db.url },
      source: 'test',
      transport,
      pollMs: 20,
      observe: ({ kind }) => kind === 'leading' && leaders.push(name),
    });
  const first = start('first');
  await until('the first leads', () => leaders.length === 1);
  const second = start('second');
  await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n: 1 })));
  await until('it is relayed', () => transport.taken.length === 1);
  expect(leaders).toEqual(['first']);
  await first.stop();
  await until('the second leads', () => leaders.length === 2);
  await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n: 2 }, CAUSE)));
  await until('it is relayed', () => transport.taken.length === 2);
  await second.stop();
  expect(transport.taken[1]).toMatchObject({
    id: expect.stringMatching(/^evt_/),
    source: 'test',
    type: 'counter.counted',
    streamversion: 2,
    data: { n: 2 },
  });
  expect(transport.taken[1]).toMatchObject({ correlationid: 'req', causationid: 'cmd', traceparent: '00-1-2-01', actor: 'usr_1' });
});

test('a database that cannot be reached is reported and tried again until the relay is stopped', async () => {
  const signals: RelaySignal[] = [];
  const connection = { connectionString: 'postgres://nobody@127.0.0.1:1/none' };
  const relay = startRelay({
    connection,
    source: 'test',
    transport: new MemoryTransport(),
    pollMs: 5,
    observe: (signal) => signals.push(signal),
  });
  await until('it has tried twice', () => signals.length >= 2);
  await relay.stop();
  expect(signals.every(({ kind }) => kind === 'failed')).toBe(true);
});

test('a log that is ahead of its database, as after the restore of a backup, is reported and nothing is skipped', async () => {
  await using db = await openEventDatabase();
  const transport = new RecordingTransport();
  await transport.append('test', 0, [counted(1, 'old', 1), counted(2, 'old', 2)]);
  await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n: 1 })));
  const errors: string[] = [];
  const relay = startRelay({
    connection: { connectionString: db.url },
    source: 'test',
    transport,
    pollMs: 5,
    observe: (signal) => signal.kind === 'failed' && errors.push(String(signal.error)),
  });
  await until('it is reported', () => errors.length > 0);
  expect(errors[0]).toContain('the log of "test" ends at 2, its database at 0: one of them is of another past');
  transport.flush();
  await until('the log is filled from the database', () => transport.taken.at(-1)?.subject === 'a');
  await relay.stop();
});

test('a log that is ahead of its database is noticed however much was written since', async () => {
  await using db = await openEventDatabase();
  const transport = new RecordingTransport();
  await transport.append('test', 0, [counted(1, 'old', 1), counted(2, 'old', 2)]);
  for (let n = 1; n <= 3; n += 1) await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n })));
  const signals: RelaySignal[] = [];
  const observe = (signal: RelaySignal) => signals.push(signal);
  const relay = startRelay({ connection: { connectionString: db.url }, source: 'test', transport, pollMs: 5, observe });
  await until('it has looked twice', () => signals.filter(({ kind }) => kind !== 'leading').length >= 2);
  expect(signals.filter(({ kind }) => kind === 'relayed' || kind === 'rewound')).toEqual([]);
  transport.taken.length = 0;
  transport.flush();
  await until('the log is filled from the database', () => transport.taken.length === 3);
  await relay.stop();
  expect(transport.taken.map(({ position, subject }) => [position, subject])).toEqual([
    [1, 'a'],
    [2, 'a'],
    [3, 'a'],
  ]);
});

test('when the machine of the working relay is gone without a word, another one takes over', async () => {
  await using db = await openEventDatabase();
  await using proxy = await testProxy(db.url);
  const transport = new RecordingTransport();
  const leaders: string[] = [];
  const start = (name: string, connectionString: string) =>
    startRelay({
      connection: { connectionString },
      source: 'test',
      transport,
      pollMs: 20,
      leaseMs: 300,
      observe: ({ kind }) => kind === 'leading' && leaders.push(name),
    });
  const first = start('first', proxy.url);
  await until('the first leads', () => leaders.length === 1);
  const second = start('second', db.url);
  proxy.fallSilent();
  await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n: 1 })));
  await until('it is relayed', () => transport.taken.length === 1);
  await second.stop();
  await until('the first has noticed, and leads again', () => leaders.at(-1) === 'first' && leaders.length > 1);
  await first.stop();
});

test('a batch that does not fit is followed by the next', async () => {
  await using db = await openEventDatabase();
  const transport = new RecordingTransport();
  for (let n = 1; n <= 7; n += 1) await pgTransactor(db.pool)((tx) => publish(tx, Counted.create('a', { n })));
  const relay = startRelay({ connection: { connectionString: db.url }, source: 'test', transport, batchSize: 3, pollMs: 60_000 });
  await until('all are pushed', () => transport.taken.length === 7);
  await relay.stop();
  expect(transport.taken.map(({ streamversion }) => streamversion)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
