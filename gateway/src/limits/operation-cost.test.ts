import { compilePrice, readCostModel } from '@app/operation-cost';
import { getOperationAST, getVariableValues, parse } from 'graphql';
import { expect, test } from 'vitest';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { composeSupergraph } from '../testing/test-gateway.ts';

const sdl = composeSupergraph({
  shop: {
    url: 'http://shop',
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [{ name: "@cost", as: "@price" }, "@listSize"])
      type Query {
        product: Product
        products(first: Int = 5, last: Int): [Product!]! @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
        page(first: Int = 5): ProductPage @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
        top: [Product!]! @listSize(assumedSize: 3)
        unsized: [Product!]!
        names: [String!]!
        search(filter: Filter, text: String @price(weight: 4)): Product
        report: Int @price(weight: 50)
        node: Node
      }
      type Mutation { rename: Product }
      interface Node { id: ID! }
      type ProductPage { nodes: [Product!]  total: Int }
      type Product implements Node { id: ID!  name: String  heavy: String @price(weight: 7)  maker: Maker }
      type Maker @price(weight: 20) { name: String  kind: Kind }
      enum Kind @price(weight: 2) { BIG SMALL }
      input Filter { word: String }`,
  },
});
const { apiSchema: schema, supergraph } = loadSupergraph(sdl);
const costs = readCostModel(supergraph.schema);

function priceOf(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return compilePrice({ schema, costs, document, operation, defaultListSize: 10 })(coerced);
}

test.each<[string, string, number, Record<string, unknown>?]>([
  ['a leaf is free', '{ __typename }', 0],
  ['an object costs one', '{ product { id name } }', 1],
  ['a weight on a field replaces that of its type', '{ report }', 50],
  ['a weighted leaf adds to its object', '{ product { heavy } }', 8],
  ['a weight on a type counts wherever it is returned', '{ product { maker { name } } }', 21],
  ['a weight on an enum counts', '{ product { maker { kind } } }', 23],
  ['a weight on an argument counts when it is given', '{ search(text: "a") { id } }', 5],
  ['an input object costs one', '{ search(filter: { word: "a" }) { id } }', 2],
  ['a slicing argument multiplies', '{ products(first: 4) { heavy } }', 32],
  ["a slicing argument's default multiplies", '{ products { id } }', 5],
  ['the largest of several slicing arguments counts', '{ products(first: 2, last: 9) { id } }', 9],
  ['a slicing argument may be a variable', 'query($n: Int) { products(first: $n) { id } }', 6, { n: 6 }],
  ["a variable's default counts", 'query($n: Int = 7) { products(first: $n) { id } }', 7],
  ['a sized field takes the size of its parent', '{ page(first: 3) { nodes { heavy } total } }', 25],
  ['an assumed size multiplies', '{ top { id } }', 3],
  ['a list of unknown size counts as the default', '{ unsized { id } }', 10],
  ['a list of leaves is free', '{ names }', 0],
  ['nested lists multiply', '{ products(first: 3) { maker { name } } }', 63],
  ['a negative slice costs nothing and refunds nothing', '{ products(first: -5) { id } report }', 50],
  ['fragments count where they are spread', '{ ...F ...F } fragment F on Query { product { heavy } }', 16],
  ['aliases are paid one by one', '{ a: product { id } b: product { id } }', 2],
  ['a mutation costs ten before its fields', 'mutation { rename { id } }', 11],
  ['fields behind an interface count', '{ node { id ... on Product { heavy } } }', 8],
])('%s', (_name, text, cost, variables) => {
  expect(priceOf(text, variables).cost).toBe(cost);
});

test('pages are found wherever they are asked for', () => {
  expect(priceOf('query($n: Int) { a: products(first: $n) { id } page { total } }', { n: 300 }).pages).toEqual([
    { field: 'Query.products', argument: 'first', size: 300 },
    { field: 'Query.page', argument: 'first', size: 5 },
  ]);
});
