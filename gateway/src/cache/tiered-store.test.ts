import { expect, test } from 'vitest';
import { type Entry, TieredStore } from './tiered-store.ts';

const BYTES = 1_000_000;
const ENTRIES = 1_000;

/** How many of a thousand entries a store of a million bytes has in the end. */
function kept(parts: (index: number) => { key?: string; text?: string; tags?: readonly string[] }): number {
  const store = new TieredStore(undefined, BYTES);
  const until = Date.now() + 60_000;
  const keys = Array.from({ length: ENTRIES }, (_, index) => {
    const { key = `key ${index}`, text = '{}', tags = [] } = parts(index);
    const dependencies = [{ subgraph: 'a', epoch: 'e', count: 0, tags, isUntagged: false }];
    const entry: Entry = { text, dependencies, freshUntil: until, staleUntil: until, spareUntil: until, scope: 'public' };
    store.set(new Map([[key, entry]]), () => undefined);
    return key;
  });
  return store.getNear(keys).filter((entry) => entry !== undefined).length;
}

test('small entries are all kept', () => {
  expect(kept(() => ({}))).toBe(ENTRIES);
});

test('the tags of an entry count', () => {
  const tags = (index: number) => Array.from({ length: 500 }, (_, tag) => `product:prd_${index}_0123456789_${tag}`);
  expect(kept((index) => ({ tags: tags(index) })) * 500 * 30).toBeLessThanOrEqual(BYTES);
});

test('a character may take more than a byte: of whole answers both the text and its bytes are kept', () => {
  expect(kept(() => ({ text: '漢'.repeat(1_000) })) * 1_000 * (2 + 3)).toBeLessThanOrEqual(BYTES);
  expect(kept((index) => ({ key: `${'漢'.repeat(1_000)}${index}` })) * 1_000 * 2).toBeLessThanOrEqual(BYTES);
});
