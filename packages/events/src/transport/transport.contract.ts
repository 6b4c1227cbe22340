import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { counted } from '../../test/counted.ts';
import { until } from '../../test/until.ts';
import type { Delivery, EventTransport, Lease } from './transport.ts';

/** A transport with four partitions, and what loses its log. */
export interface TransportUnderTest extends AsyncDisposable {
  readonly transport: EventTransport;
  /** A second client of the same log, as another process has it. */
  readonly other: EventTransport;
  flush(): Promise<void>;
}

const request = (owner: string, ttlMs = 5_000) => ({ source: 'test', consumer: 'c', owner, ttlMs });

/** Reads until nothing more comes. One read may answer with a part of what is there. */
async function readEvents(transport: EventTransport, leases: readonly Lease[], limit = 100): Promise<readonly Delivery[]> {
  const after = new Map(leases.map((lease) => [lease.partition, lease.committed]));
  const all: Delivery[] = [];
  for (let isQuiet = false; !isQuiet; ) {
    const from = leases.map((lease) => ({ lease, after: after.get(lease.partition) ?? 0 }));
    const deliveries = await transport.read(from, { limit, waitMs: 100, signal: new AbortController().signal });
    for (const { lease, events } of deliveries) after.set(lease.partition, events.at(-1)?.position ?? 0);
    all.push(...deliveries);
    isQuiet = deliveries.length === 0;
  }
  return all;
}

async function readAll(transport: EventTransport, leases: readonly Lease[]) {
  const deliveries = await readEvents(transport, leases);
  return deliveries.flatMap(({ events }) => events.map(({ position }) => position)).sort((a, b) => a - b);
}

/** What every event transport has to do. */
export function transportContract(open: () => Promise<TransportUnderTest>): void {
  test('appends only where the log ends and answers where that is', async () => {
    await using under = await open();
    const { transport } = under;
    expect(await transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'b', 1)])).toBe(2);
    expect(await transport.append('test', 0, [counted(1, 'a', 1)])).toBe(2);
    expect(await transport.append('test', 5, [counted(6, 'a', 2)])).toBe(2);
    expect(await transport.append('test', 2, [])).toBe(2);
    const leases = await transport.lease(request('me'));
    expect(await readAll(transport, leases)).toEqual([1, 2]);
  });

  test('keeps the events of a stream in one partition, in order, and separates sources', async () => {
    await using under = await open();
    const { transport } = under;
    const events = Array.from({ length: 60 }, (_, n) => counted(n + 1, `s${n % 7}`, Math.floor(n / 7) + 1));
    await transport.append('test', 0, events);
    await transport.append('other', 0, [counted(1, 'x', 1)]);
    const leases = await transport.lease(request('me'));
    expect(leases).toHaveLength(4);
    const deliveries = await readEvents(transport, leases);
    const partitionsOf = new Map<string, Set<number>>();
    const lastOf = new Map<number, number>();
    for (const { lease, events: read } of deliveries) {
      const positions = [lastOf.get(lease.partition) ?? 0, ...read.map(({ position }) => position)];
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      lastOf.set(lease.partition, positions.at(-1) ?? 0);
      for (const { subject } of read) partitionsOf.set(subject, (partitionsOf.get(subject) ?? new Set()).add(lease.partition));
    }
    expect(deliveries.flatMap(({ events: read }) => read)).toHaveLength(60);
    expect([...partitionsOf.values()].every(({ size }) => size === 1)).toBe(true);
  });

  test('hands an event over unchanged', async () => {
    await using under = await open();
    const event = { ...counted(1, 'ü/😀', 1), data: { text: 'a\nb "c" ¥', none: null }, traceparent: '00-1-2-01' };
    await under.transport.append('test', 0, [event]);
    const leases = await under.transport.lease(request('me'));
    const [delivery] = await readEvents(under.transport, leases);
    expect(delivery?.events).toEqual([event]);
  });

  test('reads on behind a position, at most as much as asked for', async () => {
    await using under = await open();
    await under.transport.append(
      'test',
      0,
      [1, 2, 3, 4, 5].map((n) => counted(n, 'a', n)),
    );
    const leases = await under.transport.lease(request('me'));
    const from = leases.map((lease) => ({ lease, after: 0 }));
    const options = { limit: 2, signal: new AbortController().signal };
    await until('two are read', async () => {
      const [delivery] = await under.transport.read(from, { ...options, waitMs: 20 });
      expect(delivery?.events.length ?? 0).toBeLessThanOrEqual(2);
      return delivery?.events.map(({ position }) => position).join() === '1,2';
    });
    expect(
      await readAll(
        under.transport,
        leases.map((lease) => ({ ...lease, committed: 3 })),
      ),
    ).toEqual([4, 5]);
  });

  test('gives each partition to one reader at a time, and to the next one when it is released', async () => {
    await using under = await open();
    const first = await under.transport.lease(request('first'));
    expect(first.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    expect(await under.transport.lease(request('first'))).toEqual(first);
    expect(await under.other.lease(request('second'))).toEqual([]);
    await under.transport.release(first);
    const taken = await under.other.lease(request('second'));
    expect(taken.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  });

  test('shares the partitions among the readers that live, and gives a dead one’s to the others', async () => {
    await using under = await open();
    const counts = async (...owners: string[]) => {
      const held: number[] = [];
      for (const owner of owners) held.push((await under.transport.lease(request(owner, 300))).length);
      return held;
    };
    await counts('a', 'b', 'c');
    await counts('a', 'b', 'c');
    const [a = 0, b = 0, c = 0] = await counts('a', 'b', 'c');
    expect(a + b + c).toBe(4);
    expect(Math.max(a, b, c)).toBe(2);
    await until('the survivor has everything', async () => (await counts('b'))[0] === 4);
  });

  test('lets consumers read independently of each other', async () => {
    await using under = await open();
    await under.transport.append('test', 0, [counted(1, 'a', 1)]);
    const one = await under.transport.lease(request('me'));
    const two = await under.transport.lease({ ...request('me'), consumer: 'd' });
    expect(await readAll(under.transport, one)).toEqual([1]);
    expect(await readAll(under.transport, two)).toEqual([1]);
  });

  test('remembers what was committed for the next reader and never goes back', async () => {
    await using under = await open();
    const [lease] = await under.transport.lease(request('first'));
    if (lease === undefined) throw new Error('no lease');
    expect(await under.transport.commit(lease, 7)).toBe(true);
    expect(await under.transport.commit(lease, 3)).toBe(true);
    await under.transport.release([lease]);
    const [next] = await under.other.lease(request('second'));
    expect(next).toMatchObject({ partition: 0, committed: 7 });
  });

  test('fences a reader that slept through its lease', async () => {
    await using under = await open();
    const [sleeper] = await under.transport.lease(request('sleeper', 30));
    if (sleeper === undefined) throw new Error('no lease');
    let taken: readonly Lease[] = [];
    await until('the lease has run out', async () => {
      taken = await under.other.lease(request('awake'));
      return taken.length > 0;
    });
    expect(taken[0]?.fence).toBeGreaterThan(sleeper.fence);
    expect(await under.transport.commit(sleeper, 99)).toBe(false);
    await under.transport.release([sleeper]);
    expect(await under.transport.lease(request('third'))).toEqual([]);
    const [again] = await under.other.lease(request('awake'));
    expect(again?.committed).toBe(0);
  });

  test('waits for an event and wakes for it', async () => {
    await using under = await open();
    const leases = await under.transport.lease(request('me'));
    const signal = new AbortController().signal;
    const waiting = under.transport.read(
      leases.map((lease) => ({ lease, after: 0 })),
      { limit: 10, waitMs: 20_000, signal },
    );
    await under.other.append('test', 0, [counted(1, 'a', 1)]);
    expect((await waiting).flatMap(({ events }) => events)).toHaveLength(1);
  });

  test('stops waiting when told to, and answers nothing without leases', async () => {
    await using under = await open();
    const leases = await under.transport.lease(request('me'));
    const ending = new AbortController();
    const from = leases.map((lease) => ({ lease, after: 0 }));
    const waiting = under.transport.read(from, { limit: 10, waitMs: 20_000, signal: ending.signal });
    setTimeout(() => ending.abort(), 20);
    expect(await waiting).toEqual([]);
    expect(await under.transport.read(from, { limit: 10, waitMs: 10, signal: new AbortController().signal })).toEqual([]);
    expect(await under.transport.read(from, { limit: 10, waitMs: 20_000, signal: ending.signal })).toEqual([]);
    expect(await under.transport.read([], { limit: 10, waitMs: 10, signal: new AbortController().signal })).toEqual([]);
    await under.other.append('test', 0, [counted(1, 'a', 1)]);
    expect(await readAll(under.transport, leases)).toEqual([1]);
  });

  test('starts at 0 again when its log is lost', async () => {
    await using under = await open();
    await under.transport.append('test', 0, [counted(1, 'a', 1), counted(2, 'a', 2)]);
    await under.flush();
    expect(await under.transport.append('test', 2, [counted(3, 'a', 3)])).toBe(0);
    expect(await under.transport.append('test', 0, [counted(1, 'a', 1)])).toBe(1);
  });

  test('does not disturb other logs when two sources share it', async () => {
    await using under = await open();
    const name = randomUUID();
    expect(await under.transport.append(name, 0, [counted(1, 'a', 1)])).toBe(1);
    expect(await under.transport.append('test', 0, [])).toBe(0);
  });
}
