import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Counted, counted, journalOf } from '../test/counted.ts';
import { openEventDatabase } from '../test/event-database.ts';
import { until } from '../test/until.ts';
import { attempt, type ConsumerSignal } from './attempt.ts';
import { startConsumer } from './consumer.ts';
import { discard, listDeadLetters, requestRedrive, showDeadLetter } from './dead-letter.ts';
import { defineEvent } from './define-event.ts';
import { type ConsumerStore, deliver, giveUp, giveUpParked, retryParked } from './deliver.ts';
import { on } from './handler.ts';
import { publish } from './publish.ts';
import { replay, tail } from './replay.ts';
import { sequence } from './sequencer.ts';
import { type EventTransaction, pgTransactor } from './transaction.ts';
import { MemoryTransport } from './transport/memory-transport.ts';
import { readEntry } from './transport/read-entry.ts';

const FAST = { attempts: 3, baseMs: 1, maxMs: 2 };

async function open() {
  const db = await openEventDatabase();
  const transaction = pgTransactor(db.pool);
  const transport = new MemoryTransport({ partitions: 1 });
  const signals: ConsumerSignal[] = [];
  const poison = new Set<string>();
  const journal = journalOf('c');
  const subscription = on(Counted, async (event, tx: EventTransaction) => {
    await journal.handle(event, tx);
    if (poison.has(event.id)) throw new Error(`cannot digest ${event.id}`);
  });
  const start = (owner: string, handler = subscription) =>
    startConsumer({
      name: 'c',
      sources: ['test'],
      subscriptions: [handler],
      transaction,
      transport,
      owner,
      leaseTtlMs: 100,
      retry: FAST,
      observe: (signal) => signals.push(signal),
    });
  const effects = async () =>
    (await db.pool.query<{ at: string }>(`SELECT stream || version AS at FROM journal WHERE consumer = 'c' ORDER BY n`)).rows.map(
      ({ at }) => at,
    );
  const count = (kind: string) => signals.filter((signal) => signal.kind === kind).length;
  return {
    db,
    transaction,
    transport,
    signals,
    poison,
    subscription,
    start,
    effects,
    count,
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

describe('a consumer', () => {
  test('parks the stream of a poison event, lets others flow, and goes on in order when it is redriven', async () => {
    await using t = await open();
    t.poison.add('evt_2');
    const events = [counted(1, 'a', 1), counted(2, 'a', 2), counted(3, 'b', 1), counted(4, 'a', 3), counted(5, 'b', 2)];
    await t.transport.append('test', 0, events);
    const consumer = t.start('one');
    await until('everything is handled or parked', () => t.count('handled') === 3 && t.count('waiting') === 1);
    expect((await t.effects()).toSorted()).toEqual(['a1', 'b1', 'b2']);
    expect(t.count('retrying')).toBe(2);

    const letters = await t.transaction((tx) => listDeadLetters(tx, { consumer: 'c' }));
    expect(letters).toMatchObject([
      { eventId: 'evt_2', status: 'failed', attempts: 3, error: 'Error: cannot digest evt_2', position: 2 },
      { eventId: 'evt_4', status: 'waiting', attempts: 0, error: null },
    ]);
    expect(await t.transaction((tx) => showDeadLetter(tx, 'c', 'evt_2'))).toMatchObject({ envelope: counted(2, 'a', 2) });
    expect(await t.transaction((tx) => showDeadLetter(tx, 'c', 'evt_9'))).toBeUndefined();

    await t.transaction((tx) => requestRedrive(tx, 'c', 'evt_2'));
    await until('the redrive has failed too', async () => (await t.transaction((tx) => showDeadLetter(tx, 'c', 'evt_2')))?.attempts === 4);
    t.poison.clear();
    expect(await t.transaction((tx) => requestRedrive(tx, 'c'))).toBe(1);
    await t.transport.append('test', 5, [counted(6, 'a', 4)]);
    await until('the stream has caught up', async () => (await t.effects()).length === 6);
    await consumer.stop();
    expect((await t.effects()).filter((at) => at.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(await t.transaction((tx) => listDeadLetters(tx))).toEqual([]);
  });

  test('skips nothing when a partition is lost and comes back under the same number while its events are being handled', async () => {
    await using t = await open();
    const events = [counted(1, 'a', 1), counted(2, 'b', 1), counted(3, 'a', 2)];
    const gates = new Map(['evt_1', 'evt_2'].map((id) => [id, Promise.withResolvers<void>()]));
    const entered: string[] = [];
    const slow = on(Counted, async (event, tx: EventTransaction) => {
      entered.push(event.id);
      await gates.get(event.id)?.promise;
      await t.subscription.handle(event, tx);
    });
    await t.transport.append('test', 0, events);
    const consumer = t.start('one', slow);
    await until('two streams are being handled', () => entered.length === 2);
    // The log forgets everything, numbers of leases included, and somebody else is quicker to take the partition.
    t.transport.flush();
    await t.transport.lease({ source: 'test', consumer: 'c', owner: 'other', ttlMs: 60_000 });
    await until('the partition is lost', () => t.count('fenced') === 1);
    gates.get('evt_1')?.resolve();
    await until('the first stream has been left', () => t.count('handled') === 1);
    t.transport.flush();
    await t.transport.append('test', 0, events);
    // Long enough to have the partition again, with the number that the lease had before.
    await sleep(200);
    gates.get('evt_2')?.resolve();
    await t.transport.append('test', 3, [counted(4, 'a', 3)]);
    await until('everything is handled', () => t.count('handled') === 4);
    await consumer.stop();
    expect((await t.effects()).filter((at) => at.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  });

  test('skips a discarded event and handles those that waited behind it', async () => {
    await using t = await open();
    t.poison.add('evt_1');
    await t.transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'a', 2), counted(3, 'a', 3)]);
    const consumer = t.start('one');
    await until('the stream is parked', () => t.count('waiting') === 2);
    expect(await t.transaction((tx) => discard(tx, 'c', 'evt_2'))).toBe(0);
    expect(await t.transaction((tx) => discard(tx, 'c', 'evt_1'))).toBe(1);
    await until('the rest is handled', async () => (await t.effects()).length === 2);
    await consumer.stop();
    expect(await t.effects()).toEqual(['a2', 'a3']);
  });

  test('parks an event of an unknown version at once, naming it', async () => {
    await using t = await open();
    await t.transport.append('test', 0, [
      { ...counted(1, 'a', 1), dataschema: 'counter.counted/9' },
      { ...counted(2, 'b', 1), data: { n: 'x' } },
    ]);
    const consumer = t.start('one');
    await until('both are parked', () => t.count('parked') === 2);
    await consumer.stop();
    expect(t.count('retrying')).toBe(0);
    const errors = (await t.transaction((tx) => listDeadLetters(tx, { status: 'failed', limit: 10 }))).map(({ error }) => error);
    expect(errors).toEqual([expect.stringContaining('"counter.counted/9" is not a known version'), expect.stringContaining('n: ')]);
  });

  test('parks an entry that holds no event, naming its place, and handles what stands behind it', async () => {
    await using t = await open();
    const place = { source: 'test', partition: 0, position: 1 };
    await t.transport.append('test', 0, [readEntry('{"id":"evt_1"}', place), counted(2, 'a', 1)]);
    const consumer = t.start('one');
    await until('one is parked and one handled', () => t.count('parked') === 1 && t.count('handled') === 1);
    const [letter] = await t.transaction((tx) => listDeadLetters(tx));
    expect(letter).toMatchObject({
      eventId: 'unreadable_test_1',
      attempts: 1,
      error: expect.stringContaining('the log of "test" holds no event at position 1: it has no "type"'),
    });
    await t.transaction((tx) => discard(tx, 'c', 'unreadable_test_1'));
    await until('it is gone', async () => (await t.transaction((tx) => listDeadLetters(tx))).length === 0);
    await consumer.stop();
    expect(await t.effects()).toEqual(['a1']);
  });

  test.each([
    ['is cut in the middle of a character', `${'x'.repeat(1_999)}😀`],
    ['says where it is from with what no database stores', JSON.stringify({ ...counted(1, 'a', 1), source: '\u0000\ud83d' })],
    ['has the form of an event, with what no database stores', JSON.stringify({ ...counted(1, 'a', 1), data: { n: 1, text: '\ud83d' } })],
  ])('parks an entry that %s, and handles what stands behind it', async (_what, text) => {
    await using t = await open();
    t.poison.add('evt_1');
    await t.transport.append('test', 0, [readEntry(text, { source: 'test', partition: 0, position: 1 }), counted(2, 'a', 1)]);
    const consumer = t.start('one');
    await until('one is parked and one handled', () => t.count('parked') === 1 && t.count('handled') === 1);
    await consumer.stop();
    expect(await t.transaction((tx) => listDeadLetters(tx))).toMatchObject([{ eventId: 'unreadable_test_1', status: 'failed' }]);
  });

  test('gives what a handler publishes the correlation and trace of the event, and the event as its cause', async () => {
    await using t = await open();
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const first = { ...counted(1, 'a', 1), correlationid: 'req-12345678', traceparent: trace };
    await t.transport.append('test', 0, [first, counted(2, 'b', 1)]);
    const consumer = startConsumer({
      name: 'c',
      sources: ['test'],
      subscriptions: [
        on(Counted, async ({ subject }, tx: EventTransaction) => void (await publish(tx, Counted.create(`after-${subject}`, { n: 1 })))),
      ],
      transaction: t.transaction,
      transport: t.transport,
      observe: (signal) => t.signals.push(signal),
    });
    await until('both are handled', () => t.count('handled') === 2);
    await consumer.stop();
    const { rows } = await t.db.pool.query('SELECT stream_id, metadata FROM event ORDER BY stream_id');
    expect(rows).toEqual([
      { stream_id: 'after-a', metadata: { correlationId: 'req-12345678', causationId: 'evt_1', traceparent: trace } },
      { stream_id: 'after-b', metadata: { correlationId: 'evt_2', causationId: 'evt_2' } },
    ]);
  });

  test('takes over the partitions of a reader that died, without doubling what it had done', async () => {
    await using t = await open();
    await t.transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'a', 2)]);
    const [dead] = await t.transport.lease({ source: 'test', consumer: 'c', owner: 'dead', ttlMs: 300 });
    const store: ConsumerStore<EventTransaction> = { consumer: 'c', transaction: t.transaction };
    // It has handled the first event and is killed before it could commit its position.
    expect(await deliver(store, counted(1, 'a', 1), t.subscription)).toBe('handled');
    const consumer = t.start('heir');
    await until('the heir has read on', () => t.count('handled') === 1);
    expect(t.count('duplicate')).toBe(1);
    expect(dead === undefined ? undefined : await t.transport.commit(dead, 2)).toBe(false);
    expect(await giveUp(store, counted(1, 'a', 1), { error: 'late', attempts: 1 })).toBe('duplicate');
    await consumer.stop();
    expect(await t.effects()).toEqual(['a1', 'a2']);
  });

  test('puts an event that failed behind the one that parked its stream meanwhile', async () => {
    await using t = await open();
    const store: ConsumerStore<EventTransaction> = { consumer: 'c', transaction: t.transaction };
    expect(await giveUp(store, counted(1, 'a', 1), { error: 'first', attempts: 1 })).toBe('parked');
    expect(await giveUp(store, counted(2, 'a', 2), { error: 'second', attempts: 1 })).toBe('waiting');
    expect(await deliver(store, counted(3, 'a', 3), t.subscription)).toBe('waiting');
    expect(await t.transaction((tx) => listDeadLetters(tx))).toMatchObject([
      { status: 'failed' },
      { status: 'waiting' },
      { status: 'waiting' },
    ]);
  });

  test('does not park an event again that another instance has handled while its own try failed', async () => {
    await using t = await open();
    const store: ConsumerStore<EventTransaction> = { consumer: 'c', transaction: t.transaction };
    await giveUp(store, counted(1, 'a', 1), { error: 'first', attempts: 1 });
    const letter = { envelope: counted(1, 'a', 1), status: 'failed' };
    const failing = on(Counted, () => Promise.reject(new Error('not now')));
    await expect(retryParked(store, letter, failing)).rejects.toThrow('not now');
    await retryParked(store, letter, t.subscription);
    await giveUpParked(store, letter.envelope, { error: 'not now', attempts: 1 });
    expect(await t.transaction((tx) => listDeadLetters(tx))).toEqual([]);
    expect(await deliver(store, counted(2, 'a', 2), t.subscription)).toBe('handled');
  });

  test('ignores event types it does not take', async () => {
    await using t = await open();
    await t.transport.append('test', 0, [{ ...counted(1, 'a', 1), type: 'counter.reset' }, counted(2, 'a', 2)]);
    const consumer = startConsumer({
      name: 'c',
      sources: ['test'],
      subscriptions: [t.subscription],
      transaction: t.transaction,
      transport: t.transport,
    });
    await until('the second is handled', async () => (await t.effects()).length === 1);
    await consumer.stop();
    expect((await t.db.pool.query('SELECT event_id FROM inbox')).rows).toEqual([{ event_id: 'evt_2' }]);
  });

  test('notices that its lease went to somebody else', async () => {
    await using t = await open();
    const consumer = t.start('one');
    await t.transport.append('test', 0, [counted(1, 'a', 1)]);
    await until('it has handled something', () => t.count('handled') === 1);
    t.transport.flush();
    await t.transport.lease({ source: 'test', consumer: 'c', owner: 'thief', ttlMs: 60_000 });
    await until('it has noticed', () => t.count('fenced') === 1);
    await consumer.stop();
  });

  test('parks nothing and loses nothing while its database is away', async () => {
    await using t = await open();
    let isAway = true;
    const transaction: typeof t.transaction = (work) => (isAway ? Promise.reject(new Error('no database')) : t.transaction(work));
    await t.transport.append('test', 0, [counted(1, 'a', 1)]);
    const consumer = startConsumer({
      name: 'c',
      sources: ['test'],
      subscriptions: [t.subscription],
      transaction,
      transport: t.transport,
      leaseTtlMs: 30,
      retry: FAST,
      observe: (signal) => t.signals.push(signal),
    });
    await until('it has failed twice', () => t.count('failed') >= 2);
    isAway = false;
    await until('it has recovered', () => t.count('handled') === 1);
    await consumer.stop();
    expect(await t.effects()).toEqual(['a1']);
  });

  test('parks an event whose schema fails instead of refusing it', async () => {
    await using t = await open();
    const rule = z.object({ n: z.int() }).refine(() => {
      throw new Error('a rule with a fault');
    });
    await t.transport.append('test', 0, [counted(1, 'a', 1)]);
    const consumer = t.start(
      'one',
      on(defineEvent(Counted.type, { 1: { schema: rule } }), () => Promise.resolve()),
    );
    await until('it is parked', () => t.count('parked') === 1);
    await consumer.stop();
    expect(await t.transaction((tx) => listDeadLetters(tx))).toMatchObject([{ error: 'Error: a rule with a fault' }]);
  });

  test('does not hold it against an event that its database was away for all of its tries', async () => {
    await using t = await open();
    let failures = FAST.attempts;
    const transaction: typeof t.transaction = (work) => (failures-- > 0 ? Promise.reject(new Error('no database')) : t.transaction(work));
    const options = {
      retry: FAST,
      random: Math.random,
      signal: new AbortController().signal,
      observe: (signal: ConsumerSignal) => t.signals.push(signal),
    };
    const isOver = () =>
      attempt({ consumer: 'c', transaction }, counted(1, 'a', 1), t.subscription, options).then(
        () => true,
        () => false,
      );
    await until('it is handled or parked', isOver);
    expect([t.count('handled'), t.count('parked')]).toEqual([1, 0]);
  });

  test('stops at once although a handler waits for its next try', async () => {
    await using t = await open();
    t.poison.add('evt_1');
    await t.transport.append('test', 0, [counted(1, 'a', 1)]);
    const consumer = startConsumer({
      name: 'c',
      sources: ['test'],
      subscriptions: [t.subscription],
      transaction: t.transaction,
      transport: t.transport,
      retry: { attempts: 3, baseMs: 600_000, maxMs: 600_000 },
      observe: (signal) => t.signals.push(signal),
    });
    await until('it waits', () => t.count('retrying') === 1);
    await consumer.stop();
    expect(await t.effects()).toEqual([]);
  });
});

describe('replay and tail', () => {
  test('hand over what was recorded and not handled, or all of it again, from a position on, by type', async () => {
    await using t = await open();
    for (const n of [1, 2, 3]) await t.transaction((tx) => publish(tx, Counted.create('a', { n })));
    const client = new pg.Client({ connectionString: t.db.url });
    await client.connect();
    await sequence(client, 10);
    const seen: number[] = [];
    const options = {
      consumer: 'c',
      subscriptions: [t.subscription],
      transaction: t.transaction,
      onReplayed: ({ position }: { position: number }) => seen.push(position),
    };
    const from = { db: client, source: 'test', position: 2 };
    expect(await replay({ ...options, from })).toBe(2);
    expect(await replay({ ...options, from: { ...from, position: 1 } })).toBe(1);
    expect(await t.effects()).toEqual(['a2', 'a3', 'a1']);
    expect(await replay({ ...options, from, isAgain: true, types: ['counter.other'] })).toBe(0);
    expect(await replay({ ...options, from, isAgain: true, types: ['counter.counted'] })).toBe(2);
    expect(seen).toEqual([2, 3, 1, 2, 3]);
    expect(await t.effects()).toEqual(['a2', 'a3', 'a1', 'a2', 'a3']);

    const ending = new AbortController();
    const tailed: number[] = [];
    for await (const event of tail(client, 'test', { from: 2, pollMs: 5, signal: ending.signal })) {
      tailed.push(event.position);
      if (tailed.length === 2) {
        await t.transaction((tx) => publish(tx, Counted.create('a', { n: 4 })));
        await t.db.pool.query('UPDATE event SET position = 4 WHERE position IS NULL');
      }
      if (tailed.length === 3) ending.abort();
    }
    expect(tailed).toEqual([2, 3, 4]);
    await client.end();
  });
});
