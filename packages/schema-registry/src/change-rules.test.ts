import { expect, test } from 'vitest';
import { check, compose, explain, explanationText, type Finding, type RegisteredOperation, type SubgraphSource } from './index.ts';

const source = (sdl: string, name = 'shop'): SubgraphSource => ({ name, url: `http://${name}`, sdl, file: `${name}.graphql` });
const operation = (name: string, document: string): RegisteredOperation => ({
  name,
  document,
  hash: name,
  clients: ['web@1'],
  lastSeen: null,
});

const base = `directive @live(interval: Int = 5, unit: String, rate: Int! = 1) on QUERY | FIELD
type Query { pet: Pet thing: Thing animal: Animal toys(kind: [Kind!] = [SOFT]): [Toy!] save(input: In): Int store(box: Box): Int sorted(by: Int! = 1, depth: Int): Int }
interface Pet { name: String }
interface Animal { legs: Int }
type Dog implements Pet { name: String legs: Int }
type Cat implements Pet & Animal { name: String legs: Int }
union Thing = Dog | Toy
type Toy { kind: Kind @deprecated(reason: "old") size: Int }
enum Kind { SOFT HARD }
input In { a: Int = 1 }
input Box { size: Int! = 1 weight: Int = 1 }`;
const operations = [
  operation('Pet', 'query Pet { pet { name } }'),
  operation('Live', 'query Live @live(interval: 3) { thing { ... on Toy { size } } }'),
  operation('Toys', 'query Toys { toys { kind } }'),
  operation('Store', 'query Store($box: Box) { store(box: $box) }'),
  operation('Sorted', '{ sorted }'),
  operation('SortedBy', 'query SortedBy($by: Int!, $depth: Int!) { sorted(by: $by, depth: $depth) }'),
  operation('Broken', 'query {'),
];

/** What a change brings for clients, as severity, code, coordinate and the operations named. */
async function changed(from: string, to: string): Promise<unknown[]> {
  expect(base).toContain(from);
  const findings = await check({
    base: [source(base)],
    changed: [source(base.replace(from, to))],
    operations,
    approvals: [],
    today: new Date('2026-11-20'),
  });
  return findings.filter(({ code }) => code !== 'DESCRIPTION_MISSING').map(brief);
}
const brief = ({ severity, code, coordinate, operations: used }: Finding) => [severity, code, coordinate, used?.map(({ name }) => name)];

test.each<[string, string, string, unknown[]]>([
  [
    'an interface on a known type concerns who reads the interface',
    'type Dog implements Pet {',
    'type Dog implements Pet & Animal {',
    [['info', 'OBJECT_TYPE_INTERFACE_ADDED', 'Dog', undefined]],
  ],
  [
    'a new interface concerns nobody',
    'type Toy {',
    'interface Sized { size: Int }\ntype Toy implements Sized {',
    [['info', 'TYPE_ADDED', 'Sized', undefined]],
  ],
  [
    'a member of a union concerns who reads it',
    'union Thing = Dog | Toy',
    'union Thing = Dog | Toy | Cat',
    [['warning', 'UNION_MEMBER_ADDED', 'Thing', ['Live']]],
  ],
  ['so does one that goes', 'union Thing = Dog | Toy', 'union Thing = Toy', [['error', 'UNION_MEMBER_REMOVED', 'Thing', ['Live']]]],
  [
    'an argument of a directive for operations concerns who gives it',
    'interval: Int = 5, unit: String',
    'unit: String',
    [['error', 'DIRECTIVE_ARGUMENT_REMOVED', '@live(interval:)', ['Live']]],
  ],
  ['one that nobody gives is a warning', ', unit: String', '', [['warning', 'DIRECTIVE_ARGUMENT_REMOVED', '@live(unit:)', undefined]]],
  [
    'a default of an input that nobody sends is a note',
    'a: Int = 1',
    'a: Int = 2',
    [['info', 'INPUT_FIELD_DEFAULT_VALUE_CHANGED', 'In.a', undefined]],
  ],
  [
    'an input field that has to be given, since its default is gone, breaks who sends the input',
    'size: Int! = 1',
    'size: Int!',
    [['error', 'INPUT_FIELD_DEFAULT_VALUE_CHANGED', 'Box.size', ['Store']]],
  ],
  [
    'one that is optional without its default may mean something else',
    'weight: Int = 1',
    'weight: Int',
    [['warning', 'INPUT_FIELD_DEFAULT_VALUE_CHANGED', 'Box.weight', ['Store']]],
  ],
  [
    'one that may be null no longer breaks who sends it, with a default too',
    'weight: Int = 1',
    'weight: Int! = 1',
    [['error', 'INPUT_FIELD_TYPE_CHANGED', 'Box.weight', ['Store']]],
  ],
  [
    'a new one with a default concerns nobody',
    'weight: Int = 1',
    'weight: Int = 1 height: Int! = 1',
    [['info', 'INPUT_FIELD_ADDED', 'Box.height', undefined]],
  ],
  [
    'an argument that has to be given, since its default is gone, breaks who leaves it out',
    'by: Int! = 1',
    'by: Int!',
    [['error', 'FIELD_ARGUMENT_DEFAULT_CHANGED', 'Query.sorted(by:)', ['Sorted']]],
  ],
  [
    'one that becomes required breaks who leaves it out too',
    'depth: Int)',
    'depth: Int!)',
    [['error', 'FIELD_ARGUMENT_TYPE_CHANGED', 'Query.sorted(depth:)', ['Sorted', 'SortedBy']]],
  ],
  [
    'an argument of a directive that has to be given breaks who leaves it out',
    'rate: Int! = 1',
    'rate: Int!',
    [['error', 'DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED', '@live(rate:)', ['Live']]],
  ],
  [
    'so does one that becomes required',
    'unit: String, rate',
    'unit: String!, rate',
    [['error', 'DIRECTIVE_ARGUMENT_TYPE_CHANGED', '@live(unit:)', ['Live']]],
  ],
  [
    'one that is added with a default concerns nobody',
    'rate: Int! = 1)',
    'rate: Int! = 1, limit: Int! = 9)',
    [['info', 'DIRECTIVE_ARGUMENT_ADDED', '@live', undefined]],
  ],
  [
    'one that is added and has to be given breaks who uses the directive',
    'rate: Int! = 1)',
    'rate: Int! = 1, limit: Int!)',
    [['error', 'DIRECTIVE_ARGUMENT_ADDED', '@live', ['Live']]],
  ],
  [
    'a deprecation that is lifted is a note',
    ' @deprecated(reason: "old")',
    '',
    [['info', 'FIELD_DEPRECATION_REMOVED', 'Toy.kind', undefined]],
  ],
  [
    'another type of a field concerns who asks for it',
    'size: Int }',
    'size: String }',
    [['error', 'FIELD_TYPE_CHANGED', 'Toy.size', ['Live']]],
  ],
  [
    'a required argument that is added breaks who uses the field',
    'pet: Pet ',
    'pet(id: ID!): Pet ',
    [['error', 'FIELD_ARGUMENT_ADDED', 'Query.pet(id:)', ['Pet']]],
  ],
  [
    'a type that goes concerns who uses it',
    'type Cat implements Pet & Animal { name: String legs: Int }\n',
    '',
    [['warning', 'TYPE_REMOVED', 'Cat', undefined]],
  ],
])('%s', async (_name, from, to, expected) => {
  expect(await changed(from, to)).toEqual(expected);
});

test('a default that changes concerns who gives a variable that may be left out, and nobody whose variable has to be there', async () => {
  const sdl = 'type Query { list(first: Int = 5): Int }';
  const findings = await check({
    base: [source(sdl)],
    changed: [source(sdl.replace('= 5', '= 500'))],
    operations: [
      operation('Maybe', 'query Maybe($first: Int) { list(first: $first) }'),
      operation('Own', 'query Own($first: Int = 3) { list(first: $first) }'),
      operation('Always', 'query Always($first: Int!) { list(first: $first) }'),
      operation('Fragment', 'query Fragment($first: Int) { ...F } fragment F on Query { list(first: $first) }'),
    ],
    approvals: [],
    today: new Date('2026-11-20'),
  });
  expect(findings.filter(({ code }) => code === 'FIELD_ARGUMENT_DEFAULT_CHANGED').map(brief)).toEqual([
    ['warning', 'FIELD_ARGUMENT_DEFAULT_CHANGED', 'Query.list(first:)', ['Maybe', 'Fragment']],
  ]);
});

test('many fields of one type without descriptions are one finding, a few are told one by one', async () => {
  const missing = async (fields: string) => {
    const findings = await check({
      base: [source(base)],
      changed: [source(`${base}\ntype Club { ${fields} }`)],
      operations,
      approvals: [],
      today: new Date(),
    });
    return findings.filter(({ code }) => code === 'DESCRIPTION_MISSING').map(({ coordinate, message }) => `${coordinate}: ${message}`);
  };
  expect(await missing('a: Int b: Int')).toHaveLength(2);
  expect(await missing('a: Int b: Int c: Int d: Int')).toEqual([
    'Club: Club.a has no description. The same goes for others of Club: a, b, c, d.',
  ]);
});

test('an operation for which the planner finds no way is told so, by explain and by a check', async () => {
  const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
  const graph = [
    source(`${link}type Query { a: A } type A @key(fields: "id") { id: ID! }`, 'one'),
    source(`${link}type A @key(fields: "id") { id: ID! b: Int }`, 'two'),
  ];
  const { supergraph } = compose(graph);
  const edited = supergraph?.replace('@join__type(graph: TWO, key: "id")', '@join__type(graph: TWO)') ?? '';
  expect(() => explain(edited, { text: '{ a { b } }', file: 'a.graphql' })).toThrow('a.graphql: the planner finds no way to answer it');
});

test('who may ask is told with roles that are enough', () => {
  const { supergraph } = compose([
    source(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"])\ntype Query { a: Int @policy(policies: [["owner"]]) }',
    ),
  ]);
  const explanation = explain(supergraph ?? '', { text: '{ a }', file: 'a.graphql', roles: { CLERK: [] } });
  expect(explanationText(explanation)).toContain('needs     policy owner, for Query.a');
});
