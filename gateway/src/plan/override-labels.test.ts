import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { composeForTest } from '../execute/testing/supergraphs.ts';
import { OverrideLabels } from './override-labels.ts';

const sdl = composeForTest({
  old: 'type Query { shelf: Shelf box: Box } type Box @key(fields: "id") { id: ID! depth: Int } type Shelf @key(fields: "id") { id: ID! width: Int height: Int depth: Int }',
  fresh: `type Shelf @key(fields: "id") {
    id: ID!
    width: Int @override(from: "old", label: "percent(25)")
    height: Int @override(from: "old", label: "tall:shelves")
    depth: Int @override(from: "old", label: "percent(0.5)")
  }`,
  volume: `type Box @key(fields: "id") { id: ID! depth: Int @external volume: Int @requires(fields: "depth") }`,
});
const all = parse('{ shelf { width height depth } }');

function sequence(...numbers: number[]): () => number {
  return () => numbers.shift() ?? 0;
}

test('a percentage is the share of requests for which a label is active', () => {
  const labels = new OverrideLabels(sdl, new Map());
  let state = 1;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const counts = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) for (const label of labels.choose(all, random)) counts.set(label, (counts.get(label) ?? 0) + 1);
  expect((counts.get('percent(25)') ?? 0) / 20_000).toBeCloseTo(0.25, 1);
  expect((counts.get('percent(0.5)') ?? 0) / 20_000).toBeCloseTo(0.005, 2);
  expect(counts.get('tall:shelves')).toBeUndefined();
});

test('shares that are configured count, for labels of any form', () => {
  const labels = new OverrideLabels(
    sdl,
    new Map([
      ['tall:shelves', 1],
      ['percent(25)', 0],
    ]),
  );
  expect(labels.choose(all, sequence(0, 0, 0))).toEqual(['percent(0.5)', 'tall:shelves']);
  expect(labels.choose(all, () => 0.999)).toEqual(['tall:shelves']);
});

test('labels of fields that an operation cannot touch do not count, those of names that something requires do', () => {
  const labels = new OverrideLabels(sdl, new Map([['tall:shelves', 1]]));
  expect(labels.choose(parse('{ shelf { id } }'), () => 0)).toEqual(['percent(0.5)']);
  expect(labels.choose(parse('{ shelf { ...F } } fragment F on Shelf { a: height }'), () => 0)).toEqual(['percent(0.5)', 'tall:shelves']);
});

test('a supergraph without labels needs no random numbers', () => {
  const labels = new OverrideLabels(composeForTest({ one: 'type Query { a: Int }' }), new Map([['x', 1]]));
  const random = () => {
    throw new Error('not needed');
  };
  expect(labels.choose(parse('{ a }'), random)).toEqual([]);
});
