import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { checkDocumentLimits, measureDocument } from './document-limits.ts';

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

const name = 'n'.repeat(257);
test.each([
  ['an operation', `query ${name} { a }`],
  ['a field', `{ ${name} }`],
  ['an alias', `{ ${name}: a }`],
  ['an argument', `{ a(${name}: 1) }`],
  ['an input field', `{ a(b: { ${name}: 1 }) }`],
  ['a variable', `query ($${name}: Int) { a }`],
  ['a type', `query ($a: ${name}) { a }`],
  ['a fragment', `{ a } fragment ${name} on A { a }`],
  ['a directive', `{ a @${name} }`],
])('the name of %s may have 256 characters and no more', (_what, text) => {
  const limits = { maxDepth: 9, maxAliases: 9, maxRootFields: 9, maxDirectives: 9, maxSelections: 9 };
  const details = { limit: 'maxNameLength', allowed: 256 };
  expect(() => checkDocumentLimits(parse(text), limits)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED', details }));
  expect(() => checkDocumentLimits(parse(text.replace('nn', 'n')), limits)).not.toThrow();
  expect(() => checkDocumentLimits(parse(`{ a(b: "${name}") } # ${name}`), limits)).not.toThrow();
});
