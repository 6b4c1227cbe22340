import { expect, test } from 'vitest';
import { readCacheControl, strictest } from './cache-policy.ts';

test.each<[string | undefined, string | undefined, object | undefined]>([
  ['max-age=60, public', undefined, { maxAge: 60, scope: 'public' }],
  ['max-age=60, public, private', undefined, { maxAge: 60, scope: 'private' }],
  ['Private, Max-Age=5', undefined, { maxAge: 5, scope: 'private' }],
  ['max-age=60, s-maxage=10', undefined, { maxAge: 10, scope: 'public' }],
  ['max-age="60"', undefined, { maxAge: 60, scope: 'unsaid' }],
  ['max-age=60', '50', { maxAge: 10, scope: 'unsaid' }],
  ['max-age=60', 'soon', { maxAge: 60, scope: 'unsaid' }],
  ['max-age=60', '60', undefined],
  ['max-age=0', undefined, undefined],
  ['no-store', undefined, undefined],
  ['max-age=60, no-store', undefined, undefined],
  ['no-cache, max-age=60', undefined, undefined],
  ['public', undefined, undefined],
  ['max-age=-1', undefined, undefined],
  ['max-age=1e9', undefined, undefined],
  ['max-age=99999999999', undefined, undefined],
  ['', undefined, undefined],
  [undefined, undefined, undefined],
])('%j with age %j is %j', (header, age, expected) => {
  expect(readCacheControl(header, age)).toEqual(expected);
});

test('an answer lives as long as its shortest part, and is for no more people than any part', () => {
  const [long, short, unsaid] = [
    { maxAge: 60, scope: 'public' },
    { maxAge: 5, scope: 'private' },
    { maxAge: 9, scope: 'unsaid' },
  ] as const;
  expect(strictest([long, unsaid, long])).toEqual({ maxAge: 9, scope: 'unsaid' });
  expect(strictest([unsaid, short, unsaid])).toEqual({ maxAge: 5, scope: 'private' });
  expect(strictest([long, short])).toEqual({ maxAge: 5, scope: 'private' });
  expect(strictest([long])).toEqual(long);
  expect(strictest([long, undefined])).toBeUndefined();
  expect(strictest([])).toBeUndefined();
});
