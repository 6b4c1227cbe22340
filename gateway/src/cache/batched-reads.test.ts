import type { WritesQuery, WritesReading } from '@app/cache';
import { expect, test } from 'vitest';
import { inBatches } from './batched-reads.ts';
import type { Writes } from './writes.ts';

/** Counts writes of one subgraph; each read takes until it is let go, and tells what was there when it began. */
function slowCounter() {
  const asked: WritesQuery[] = [];
  const letGo: (() => void)[] = [];
  const counter = { count: 0 };
  const read = inBatches((query) => {
    asked.push(query);
    const seen = new Map<string, WritesReading>(
      [...query.keys()].map((name) => [name, { epoch: 'e', count: counter.count, untaggedAt: 0, tagsAt: new Map() }]),
    );
    return new Promise((resolve) => letGo.push(() => resolve(seen)));
  });
  return { asked, letGo, counter, read };
}

const about = (subgraph: string, ...tags: string[]): Parameters<Writes['read']> => [
  [subgraph],
  [{ subgraph, tags, epoch: 'e', count: 0, isUntagged: false }],
];
const turn = () => new Promise(setImmediate);

test('what is asked for while a read is under way is read together, from after the question', async () => {
  const { asked, letGo, counter, read } = slowCounter();
  const first = read(...about('shop', 'a'));
  await turn();
  const others = [read(...about('shop', 'b')), read(...about('shop', 'c')), read(...about('other'))];
  counter.count = 1;
  await turn();
  expect(asked).toHaveLength(1);
  letGo[0]?.();
  expect((await first).get('shop')?.count).toBe(0);
  await turn();
  letGo[1]?.();
  expect((await Promise.all(others)).map((readings) => readings.get('shop')?.count)).toEqual([1, 1, 1]);
  expect(asked[1]).toEqual(
    new Map([
      ['shop', new Set(['b', 'c'])],
      ['other', new Set()],
    ]),
  );
});

test('a read that fails fails for those who asked for it, and for nobody after them', async () => {
  let isDown = true;
  const read = inBatches(() => (isDown ? Promise.reject(new Error('away')) : Promise.resolve(new Map())));
  const failing = [read(...about('shop')), read(...about('shop'))];
  await turn();
  isDown = false;
  expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await read(...about('shop'))).toEqual(new Map());
});
