import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { composeForTest, type Subgraphs } from '../execute/testing/supergraphs.ts';
import { planBuilder } from './build-plan.ts';
import { fetchesOf } from './map-fetches.ts';
import { planningSupergraph } from './planning-supergraph.ts';

const SIZES = 'size(unit: String = "CM"): Int';

const SHARED = `interface Sized { ${SIZES} } type Lid implements Sized @shareable { ${SIZES} } type Bag implements Sized @shareable { ${SIZES} }`;

/** Supergraphs in which something requires a field with arguments, and an operation that asks for it with others. */
const cases: readonly (readonly [name: string, subgraphs: Subgraphs, query: string])[] = [
  [
    'of a type that implements an interface in both subgraphs',
    {
      one: `type Query { box: Box } interface Sized { ${SIZES} } type Box implements Sized @key(fields: "id") { id: ID! ${SIZES} }`,
      two: `interface Sized { ${SIZES} } type Box implements Sized @key(fields: "id") { id: ID! ${SIZES} @external fits: Boolean @requires(fields: "size(unit: \\"IN\\")") }`,
    },
    '{ box { fits size(unit: "MM") } }',
  ],
  [
    'of an interface',
    {
      one: `type Query { box: Box } ${SHARED} type Box @key(fields: "id") { id: ID! lid: Sized }`,
      two: `${SHARED} type Box @key(fields: "id") {
        id: ID! lid: Sized @external fits: Boolean @requires(fields: "lid { size(unit: \\"IN\\") ... on Bag { size(unit: \\"FT\\") } }") }`,
    },
    '{ box { fits lid { size(unit: "MM") } } }',
  ],
  [
    'of an interface object',
    {
      one: `type Query { boxes: [Sized] } interface Sized @key(fields: "id") { id: ID! ${SIZES} } type Box implements Sized @key(fields: "id") { id: ID! ${SIZES} }`,
      two: `type Sized @interfaceObject @key(fields: "id") { id: ID! ${SIZES} @external fits: Boolean @requires(fields: "size(unit: \\"IN\\")") }`,
    },
    '{ boxes { fits size(unit: "MM") } }',
  ],
  [
    'that is overridden',
    {
      one: `type Query { box: Box } type Box @key(fields: "id") { id: ID! ${SIZES} }`,
      three: `type Box @key(fields: "id") { id: ID! ${SIZES} @override(from: "one") }`,
      two: `type Box @key(fields: "id") { id: ID! ${SIZES} @external fits: Boolean @requires(fields: "size(unit: \\"IN\\")") }`,
    },
    '{ box { fits size(unit: "MM") } }',
  ],
  [
    'that clients may not see',
    {
      one: `type Query { box: Box } type Box @key(fields: "id") { id: ID! secret(unit: Unit): Int @inaccessible name: String } enum Unit @inaccessible { A B }`,
      two: `enum Unit @inaccessible { A B } type Box @key(fields: "id") { id: ID! secret(unit: Unit): Int @external fits: Boolean @requires(fields: "secret(unit: B)") }`,
    },
    '{ box { fits secret: name } }',
  ],
];

test.each(cases)('a required field with arguments %s is asked for as required', (_name, subgraphs, query) => {
  const plan = planBuilder(composeForTest(subgraphs))(parse(query), undefined);
  const node = plan.node?.kind === 'Subscription' ? undefined : plan.node;
  const operations = fetchesOf(node).map(({ operation }) => operation);
  expect(operations.join('\n')).toMatch(/__required_\d+:(size\(unit:"IN"\)|secret\(unit:B\))/);
  expect(operations.join('\n')).toMatch(/size\(unit:"MM"\)|alias__secret_:name/);
});

test('a supergraph in which nothing is required with arguments stays as it is', () => {
  const sdl = composeForTest({
    one: 'type Query { box: Box } type Box @key(fields: "id") { id: ID! size: Int }',
    two: 'type Box @key(fields: "id") { id: ID! size: Int @external fits: Boolean @requires(fields: "size") }',
  });
  expect(planningSupergraph(sdl).sdl).toBe(sdl);
});
