import { describe, expect, test } from 'vitest';
import { EMPTY_TABLE, type LeaseTable, leave, Pulse, recordProgress, takeShare } from './lease-table.ts';

const join = (table: LeaseTable, owner: string, partitions = 4) => takeShare(table, partitions, { owner, ttlMs: 100 });
const partitionsOf = (table: LeaseTable, owner: string) =>
  Object.entries(table.partitions).flatMap(([partition, lease]) => (lease.owner === owner ? [Number(partition)] : []));

describe('a lease table', () => {
  test('gives everything to the only reader, and a fair share to each of two', () => {
    const one = join(EMPTY_TABLE, 'a');
    expect(one.held.map(({ partition, fence }) => [partition, fence])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    const waiting = join(one.table, 'b');
    expect(waiting.held).toEqual([]);
    const shared = join(waiting.table, 'a');
    expect(shared.held.map(({ partition }) => partition)).toEqual([0, 1]);
    const both = join(shared.table, 'b');
    expect(both.held.map(({ partition, fence }) => [partition, fence])).toEqual([
      [2, 2],
      [3, 2],
    ]);
  });

  test('records progress for the holder only, and never backwards', () => {
    const { table, held } = join(EMPTY_TABLE, 'a', 1);
    const [lease] = held;
    if (lease === undefined) throw new Error('no lease');
    const forth = recordProgress(table, lease, 7) ?? EMPTY_TABLE;
    expect(recordProgress(forth, lease, 3)?.partitions[0]?.committed).toBe(7);
    expect(recordProgress(forth, { ...lease, owner: 'b' }, 9)).toBeUndefined();
    expect(recordProgress(forth, { ...lease, fence: 2 }, 9)).toBeUndefined();
    expect(recordProgress(EMPTY_TABLE, lease, 9)).toBeUndefined();
  });

  test('frees what a leaving reader holds, and nothing that has gone to another meanwhile', () => {
    const { table, held } = join(EMPTY_TABLE, 'a', 2);
    const taken = takeShare({ ...table, members: {} }, 2, { owner: 'b', ttlMs: 100 }).table;
    expect(partitionsOf(leave(table, held), 'a')).toEqual([]);
    expect(partitionsOf(leave(taken, held), 'b')).toEqual([0, 1]);
  });
});

describe('the pulse of readers', () => {
  test('is gone when a beat has not changed for the time to live, by the clock of whoever looks', () => {
    let now = 0;
    const pulse = new Pulse(() => now);
    const { table } = join(EMPTY_TABLE, 'a');
    expect(Object.keys(pulse.living(table).members)).toEqual(['a']);
    now = 99;
    expect(Object.keys(pulse.living(table).members)).toEqual(['a']);
    now = 100;
    expect(Object.keys(pulse.living(table).members)).toEqual([]);
    expect(Object.keys(pulse.living(join(table, 'a').table).members)).toEqual(['a']);
  });
});
