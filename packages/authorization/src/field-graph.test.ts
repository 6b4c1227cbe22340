import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { CoordinateNumbers, FieldGraph } from './field-graph.ts';
import { reachableFields } from './reachable-fields.ts';

const schema = buildSchema(`type Query { me: Person things: [Thing!] named: Named }
  union Thing = Person | Hall
  interface Named { name: String }
  type Person implements Named { name: String friend: Person halls: [Hall!] }
  type Hall implements Named { name: String size: Int }`);
const needs: Record<string, readonly number[]> = { 'Query.me': [0], 'Person.halls': [1], Person: [2] };
const requirements = {
  ofType: (type: string) => needs[type] ?? [],
  ofField: (type: string, field: string) => needs[`${type}.${field}`] ?? [],
};

test('a walk goes by the shortest ways through fields, interfaces and unions that are allowed', () => {
  expect(Object.fromEntries(reachableFields(schema, requirements, new Set([1])))).toEqual({
    'Query.me': 'Query.me',
    'Query.things': 'Query.things',
    'Query.named': 'Query.named',
    'Person.name': 'Query.me → Person.name',
    'Person.friend': 'Query.me → Person.friend',
    'Hall.name': 'Query.things → Hall.name',
    'Hall.size': 'Query.things → Hall.size',
    'Named.name': 'Query.named → Named.name',
  });
  const without = [...reachableFields(schema, requirements, new Set([0, 2])).values()];
  expect(without).toContain('Query.things → Hall.size');
  expect(without.filter((way) => /Person|\.me$/.test(way))).toEqual([]);
});

test('graphs of two versions that share numbers are compared field by field', () => {
  const numbers = new CoordinateNumbers();
  const before = new FieldGraph(schema, requirements, numbers);
  const after = new FieldGraph(buildSchema('type Query { hall: Hall } type Hall { size: Int }'), requirements, numbers);
  const reach = after.walk(new Set());
  expect([...before.fields.intersection(after.fields)].map((field) => numbers.nameOf(field))).toEqual(['Hall.size']);
  expect(
    [...before.fields].filter((field) => reach.has(field)).map((field) => reach.wayTo(field).map((step) => numbers.nameOf(step))),
  ).toEqual([['Query.hall', 'Hall.size']]);
});
