import { GraphQLScalarType } from 'graphql';
import { expect, test } from 'vitest';
import { leafWriter } from './leaf-writer.ts';
import { Position, type ShapeState } from './shape-state.ts';

const LEVELS = 100_000;

test.each([
  ['a number that is too large to be one', '1e999'],
  ['a value that is nested too deep to be written', `${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`],
])('%s is null with an error, and takes nothing else away', (_name, json) => {
  const position = Position.root.field({ key: 'any', typename: 'Query', name: 'any' });
  const write = leafWriter(new GraphQLScalarType({ name: 'Any' }), position);
  const state: ShapeState = { variables: {}, indexes: [], errors: [] };
  expect(write(JSON.parse(json), state)).toBeUndefined();
  expect(state.errors).toMatchObject([{ path: ['any'], message: 'Invalid value found for field Query.any.' }]);
  expect(write({ of: ['any', 1, null] }, state)).toBe('{"of":["any",1,null]}');
});
