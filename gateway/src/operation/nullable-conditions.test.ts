import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { nullableConditions } from './nullable-conditions.ts';

test.each([
  ['query ($a: Boolean = true) { x @include(if: $a) }', ['a']],
  ['query ($a: Boolean! = true) { x @include(if: $a) }', []],
  ['query ($a: Boolean = true) { x(y: $a) @other(if: $a) @skip(if: true) }', []],
  ['query ($a: Boolean = true, $b: Boolean = true) { x { ... @skip(if: $b) { y @include(if: $a) @skip(if: $a) } } }', ['b', 'a']],
  ['query ($a: Boolean = true) { ...F ...F } fragment F on Query { x { ...G @skip(if: $a) } } fragment G on X { y }', ['a']],
  ['query ($a: Boolean = true) { x(y: $a) } fragment F on Query { x @skip(if: $a) }', []],
])('%s goes by %j', (text, expected) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('the test has no operation');
  expect(nullableConditions(document, operation)).toEqual(expected);
});
