import { expect, test } from 'vitest';
import { changedWords, queriedWords } from './search-words.ts';

test.each([
  [`'skillet'`, ['skillet']],
  [`'oak' & 'tabl' | 'lamp'`, ['oak', 'tabl', 'lamp']],
  [`'cast' <-> 'iron'`, ['cast', 'iron']],
  [`'o''neil' & 'a\\\\b'`, [`o''neil`, 'a\\\\b']],
  [`'who!'`, ['who!']],
])('%s looks for %j', (query, words) => {
  expect(queriedWords(query)).toEqual(words);
});

test.each([`!'lamp'`, `'oak' & !'lamp'`, ''])('%s may match any text', (query) => {
  expect(queriedWords(query)).toBeUndefined();
});

test.each([
  [`'lamp':1A`, `'lamp':1A`, []],
  [`'lamp':1A 'oak':2B`, `'lamp':1A 'pine':2B`, ['oak', 'pine']],
  [`'lamp':1A,7C`, `'lamp':1A`, ['lamp']],
  [`'o''neil':1A`, '', [`o''neil`]],
  [`'a:b':1`, `'a:b':2`, ['a:b']],
])('from %s to %s the words %j change', (before, after, words) => {
  expect(changedWords(before, after)).toEqual(words);
});
