import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { measureDocument } from './document-limits.ts';

const measure = (text: string) => measureDocument(parse(text));

test('fragments count as often as they are spread', () => {
  expect(measure('{ a { ...F } b: a { ...F } } fragment F on A { x @skip(if: false) y: z }')).toEqual({
    depth: 2,
    aliases: 3,
    rootFields: 2,
    directives: 2,
    selections: 8,
  });
});

test('a bomb is measured without expanding it', () => {
  const levels = 60;
  const fragments = Array.from(
    { length: levels },
    (_item, level) => `fragment F${level} on Q { ${level === levels - 1 ? 'a' : `...F${level + 1} ...F${level + 1}`} }`,
  );
  expect(measure(`{ ...F0 } ${fragments.join(' ')}`).selections).toBeGreaterThan(2 ** 59);
});

test('fragments that are missing or spread themselves count nothing', () => {
  expect(measure('{ ...Missing ...A } fragment A on Q { a ...A }').selections).toBe(4);
});
