import { expect, test } from 'vitest';
import { Position, type ShapeState } from './shape-state.ts';

test('a long list of nothing does not become as many errors', () => {
  const film = Position.root.field({ key: 'films', typename: 'Query', name: 'films' }).element();
  const state: ShapeState = { variables: {}, indexes: [], errors: [] };
  for (let i = 0; i < 20_000; i++) {
    state.indexes[0] = i;
    expect(film.fail(state, 'Cannot return null for non-nullable')).toBeUndefined();
  }
  expect(state.errors).toHaveLength(10_000);
  expect(state.errors.at(-1)?.path).toEqual(['films', 9_999]);
});
