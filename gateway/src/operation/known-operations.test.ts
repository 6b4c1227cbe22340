import { parse } from 'graphql';
import { expect, test } from 'vitest';
import type { CheckedOperation } from './checked-operation.ts';
import { KnownOperations } from './known-operations.ts';

function operation(source: string): CheckedOperation {
  const origin = { source, sourceHash: `hash of ${source}`, document: parse(source), operationName: undefined, name: source };
  // Of a checked operation only this matters here.
  return { origin, uses: 0 } as CheckedOperation;
}

test('an operation is kept from the second time on, with its document', () => {
  const known = new KnownOperations(10);
  known.meet(operation('{ a }'));
  expect(known.get('{ a }')).toBeUndefined();
  expect(known.findDocument({ query: '{ a }', sourceHash: undefined })).toBeUndefined();
  const second = operation('{ a }');
  known.meet(second);
  expect(known.get('{ a }')).toBe(second);
  const document = expect.objectContaining({ document: second.origin.document });
  expect(known.findDocument({ query: '{ a }', sourceHash: undefined })).toEqual(document);
  expect(known.findDocument({ query: undefined, sourceHash: 'hash of { a }' })).toEqual(document);
  expect(known.findDocument({ query: undefined, sourceHash: undefined })).toBeUndefined();
});

test('what is asked for once pushes nothing out', () => {
  const known = new KnownOperations(3);
  known.keep(operation('{ often }'), 5);
  for (let n = 0; n < 100; n++) known.meet(operation(`{ once${n} }`));
  expect(known.get('{ often }')).toMatchObject({ uses: 5 });
});

test('the most used come first', () => {
  const known = new KnownOperations(3);
  for (const [source, uses] of Object.entries({ '{ a }': 2, '{ b }': 9, '{ c }': 4 })) known.keep(operation(source), uses);
  expect(known.mostUsed(2).map(({ origin }) => origin.source)).toEqual(['{ b }', '{ c }']);
});

test('large texts are not kept, and many that are not so large push each other out', () => {
  const known = new KnownOperations(100);
  const commented = (length: number, n: number) => operation(`{ a${n} } #`.padEnd(length, 'x'));
  for (const large of [commented(65_537, 0), commented(65_537, 0)]) known.meet(large);
  expect(known.mostUsed(100)).toEqual([]);
  for (let n = 0; n < 100; n++) for (const each of [commented(60_000, n), commented(60_000, n)]) known.meet(each);
  expect(known.mostUsed(100)).toHaveLength(6);
  const { source, sourceHash } = commented(60_000, 99).origin;
  expect(known.findDocument({ query: source, sourceHash: undefined })).toBeDefined();
  expect(known.findDocument({ query: undefined, sourceHash })).toBeDefined();
  expect(known.findDocument({ query: commented(60_000, 93).origin.source, sourceHash: undefined })).toBeUndefined();
});
