import { expect, test, vi } from 'vitest';
import { Batch } from './batch.ts';
import { passOnErrors } from './subgraph-errors.ts';

const source = { subgraph: 'reviews', debug: false };

test('the places of entities are looked for once, however many of them failed', () => {
  const objects = Array.from({ length: 50 }, (_, n) => ({ __typename: 'Product', id: n % 25 }));
  const places = vi.fn(() => objects.map((_, n) => ['products', n]));
  const batch = new Batch({ objects, places }, ({ id }, into) => into.indexOf(String(id)));
  const errors = Array.from({ length: 25 }, (_, n) => ({ message: `no stars for ${n}`, path: ['_entities', n, 'stars'] }));
  const passed = passOnErrors(errors, source, ([, index], most) => batch.placesOf(index).slice(0, most));
  expect(passed.filter(({ message }) => message === 'no stars for 3').map(({ path }) => path)).toEqual([
    ['products', 3],
    ['products', 28],
  ]);
  expect(passed).toHaveLength(50);
  expect(places).toHaveBeenCalledTimes(1);
});

test('a small answer does not become millions of errors', () => {
  const everywhere = Array.from({ length: 900 }, (_, n) => ['products', n]);
  const errors = Array.from({ length: 400_000 }, () => ({ message: 'no', path: ['_entities', 0] }));
  expect(passOnErrors(errors, source, (_, most) => everywhere.slice(0, most))).toHaveLength(10_000);
});

test('a path that is longer than any answer is deep is none, and no more places are made of one than are told', () => {
  const path = ['_entities', 0, ...Array.from({ length: 1_000_000 }, () => 'part')];
  const places = vi.fn((_path: unknown, most: number) => Array.from({ length: most }, (_, n) => ['products', n]));
  expect(passOnErrors([{ message: 'no', path }], source, places)).toMatchObject([{ message: 'no' }]);
  expect(places).not.toHaveBeenCalled();
  expect(passOnErrors([{ message: 'no', path: ['_entities', 0] }], source, places)).toHaveLength(10_000);
});
