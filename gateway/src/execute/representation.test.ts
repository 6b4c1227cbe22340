import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { DistinctRepresentations } from './distinct-representations.ts';
import { compileRepresentation } from './representation.ts';

const schema = buildSchema(`
  type Query { any: Part }
  interface Part { id: ID }
  type Bolt implements Part { id: ID, size: Float, box: Box }
  type Nut implements Part { id: ID }
  type Box { width: Int }
`);

const field = (name: string, selections?: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections && { selections }),
});
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections: [field('__typename'), ...selections],
});

interface RewriteToPart {
  readonly kind: 'ValueSetter';
  readonly path: string[];
  readonly setValueTo: string;
}

function representAll(requires: QueryPlanSelectionNode[], entities: Record<string, unknown>[], inputRewrites: RewriteToPart[] = []) {
  const distinct = new DistinctRepresentations();
  const represent = compileRepresentation(schema, { requires, inputRewrites, keys: undefined });
  return { indexes: entities.map((entity) => represent(entity, distinct)), texts: distinct.texts };
}

test('each distinct entity is represented once, in the order in which they come', () => {
  const bolt = (id: unknown, size: unknown) => ({ __typename: 'Bolt', id, size, other: {} });
  const { indexes, texts } = representAll(
    [on('Bolt', field('id'), field('size'))],
    [bolt('1', 2), bolt('2', 2), bolt('1', 2), bolt('1', 3), bolt('2', 2)],
  );
  expect(indexes).toEqual([0, 1, 0, 2, 1]);
  expect(texts).toEqual([
    '{"__typename":"Bolt","id":"1","size":2}',
    '{"__typename":"Bolt","id":"2","size":2}',
    '{"__typename":"Bolt","id":"1","size":3}',
  ]);
});

test('values that are written differently are different, null is a value, and what is missing is not sent', () => {
  const entities = ['1', 1, null, '1', true, 'true', undefined].map((id) => ({ __typename: 'Nut', id }));
  const { indexes, texts } = representAll([on('Nut', field('id'))], entities);
  expect(indexes).toEqual([0, 1, 2, 0, 3, 4, -1]);
  expect(texts.map((text) => JSON.parse(text).id)).toEqual(['1', 1, null, true, 'true']);
});

test('objects are compared by what is selected of them', () => {
  const bolt = (width: number, depth: number) => ({ __typename: 'Bolt', id: '1', box: { width, depth } });
  const { indexes } = representAll([on('Bolt', field('id'), field('box', [field('width')]))], [bolt(1, 1), bolt(1, 2), bolt(2, 2)]);
  expect(indexes).toEqual([0, 0, 1]);
});

test('what is missing inside an object or one of a list is missing, null there is a value', () => {
  const bolt = (box: unknown) => ({ __typename: 'Bolt', id: '1', box });
  const boxes = [{ width: 1 }, {}, null, { width: null }, [{ width: 1 }, null], [{ width: 1 }, {}]];
  const selections = [[field('width')], [on('Box'), field('width')]];
  for (const each of selections) {
    const { indexes } = representAll([on('Bolt', field('id'), field('box', each))], boxes.map(bolt));
    expect(indexes).toEqual([0, -1, 1, 2, 3, -1]);
  }
});

test('types with the same values are different, unless they are sent under one name', () => {
  const entities = ['Bolt', 'Nut', 'Bolt'].map((__typename) => ({ __typename, id: '1' }));
  const requires = [on('Bolt', field('id')), on('Nut', field('id'))];
  expect(representAll(requires, entities).indexes).toEqual([0, 1, 0]);
  const asPart = ['Bolt', 'Nut'].map(
    (type): RewriteToPart => ({ kind: 'ValueSetter', path: [`... on ${type}`, '__typename'], setValueTo: 'Part' }),
  );
  expect(representAll(requires, entities, asPart)).toEqual({ indexes: [0, 0, 0], texts: ['{"__typename":"Part","id":"1"}'] });
});
