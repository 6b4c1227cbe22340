import { describe, expect, test } from 'vitest';
import {
  check,
  compose,
  explain,
  explanationText,
  type Finding,
  findChanges,
  type RegisteredOperation,
  type SubgraphSource,
  usesOf,
} from './index.ts';

const source = (name: string, sdl: string): SubgraphSource => ({ name, url: `http://${name}`, sdl, file: `${name}/schema.graphql` });
const today = new Date('2026-11-20');
const operation = (name: string, document: string): RegisteredOperation => ({
  name,
  document,
  hash: name,
  clients: ['web@1'],
  lastSeen: null,
});

/** Federation 1 as it was published before `@link`: extensions, value types, keys with several fields, computed fields. */
const federation1 = [
  source(
    'accounts',
    `extend type Query { me: User }
     type User @key(fields: "id") @key(fields: "organization { id } email") { id: ID! email: String! organization: Organization! name: Name }
     type Organization { id: ID! }
     type Name { first: String last: String }`,
  ),
  source(
    'products',
    `extend type Query { topProducts(first: Int = 5): [Product] product(upc: String!): Product }
     interface Item { upc: String! }
     union Found = Product | Brand
     type Product implements Item @key(fields: "upc") { upc: String! name: String price: Int weight: Int brand: Brand }
     type Brand @key(fields: "name") { name: String! }
     enum Size { SMALL LARGE }
     extend type Query { search(text: String!, size: Size): [Found!]! }`,
  ),
  source(
    'reviews',
    `type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "email") product: Product }
     extend type User @key(fields: "id") { id: ID! @external email: String! @external reviews: [Review] }
     extend type Product @key(fields: "upc") { upc: String! @external weight: Int @external price: Int @external
       reviews: [Review] shippingEstimate: Int @requires(fields: "price weight") }`,
  ),
];

/** Federation 2 with what it allows: renamed and namespaced directives, interface entities, directives of one's own, contracts, overrides. */
const federation2 = [
  source(
    'catalog',
    `extend schema
       @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@key", as: "@primaryKey" }, "@tag", "@inaccessible", "@composeDirective", "FieldSet"])
       @link(url: "https://example.com/custom/v1.0", import: ["@owner"])
       @composeDirective(name: "@owner")
     directive @owner(team: String!) on OBJECT | FIELD_DEFINITION
     type Query { media(id: ID!): Media secretMedia: Media @inaccessible books: [Book!]! @tag(name: "public") }
     interface Media @primaryKey(fields: "id") { id: ID! title: String! }
     type Book implements Media @primaryKey(fields: "id") @owner(team: "print") { id: ID! title: String! @federation__shareable pages: Int }
     type Film implements Media @primaryKey(fields: "id") { id: ID! title: String! @federation__shareable minutes: Int @inaccessible }`,
  ),
  source(
    'ratings',
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed", import: ["@key", "@interfaceObject"])
     type Media @key(fields: "id") @interfaceObject { id: ID! stars: Float ratings(first: Int = 3): [Rating!]! }
     type Rating { stars: Int! by: Reader }
     type Reader @key(fields: "id", resolvable: false) { id: ID! }`,
  ),
  source(
    'readers',
    `schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override", "@shareable", "@external", "@requires"]) { query: RootQuery mutation: RootMutation }
     type RootQuery { reader(id: ID!): Reader }
     type RootMutation { rename(input: RenameInput!): Reader }
     input RenameInput { id: ID! name: String = "nobody" style: NameStyle }
     enum NameStyle { LONG SHORT }
     type Reader @key(fields: "id") { id: ID! name: String @shareable style: NameStyle }
     type Book @key(fields: "id") { id: ID! pages: Int @external effort: Int @requires(fields: "pages") }`,
  ),
];

/** A graph on its way from one to the other. */
const mixed = [
  ...federation1,
  source(
    'stock',
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@override"])
     type Product @key(fields: "upc") { upc: String! inStock: Boolean price: Int @override(from: "products") }`,
  ),
];

describe.each([
  ['Federation 1', federation1, 'query Top { topProducts { name shippingEstimate reviews { body author { email } } } }'],
  ['Federation 2', federation2, 'query Books { books { title effort stars ratings { by { name } } } }'],
  ['both', mixed, 'query Top { topProducts { price inStock shippingEstimate } }'],
])('a graph of %s', (_name, graph, document) => {
  const { supergraph, findings } = compose(graph);

  test('composes', () => {
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(supergraph).toContain('join__Graph');
  });

  test('has nothing to say when nothing changes', async () => {
    expect(await check({ base: graph, changed: graph, operations: [operation('All', document)], approvals: [], today })).toEqual([]);
  });

  test('has its operations explained', () => {
    expect(explanationText(explain(supergraph ?? '', { text: document, file: 'operation.graphql' }))).toMatch(
      /cost +\d+[\s\S]*calls +[2-9][\s\S]*Fetch\(service: /,
    );
  });

  test('is not its own successor with differences', async () => {
    const schema = compose(graph).apiSchema;
    if (!schema) throw new Error('it does not compose');
    expect(await findChanges({ from: schema, to: schema, uses: usesOf([operation('All', document)], schema) })).toEqual([]);
  });
});

const operations = [
  operation('Books', 'query Books { books { title stars } media(id: 1) { title } }'),
  operation('Rename', 'mutation Rename($input: RenameInput!) { rename(input: $input) { id style } }'),
];

/** What a change of the second graph brings, lint aside. */
async function step(name: string, from: string, to: string): Promise<(string | undefined)[][]> {
  const before = federation2.find((item) => item.name === name);
  if (!before?.sdl.includes(from)) throw new Error(`${name} has no ${from}`);
  const changed = [{ ...before, sdl: before.sdl.replace(from, to) }];
  const findings = await check({ base: federation2, changed, operations, approvals: [], today });
  return findings.filter(({ code }) => code !== 'DESCRIPTION_MISSING').map(brief);
}
const brief = ({ severity, code, coordinate }: Finding) => [severity, code, coordinate];

test.each<[string, [string, string, string], (string | undefined)[][]]>([
  ['only a description', ['ratings', 'stars: Float', '"""Mean."""\n stars: Float'], [['info', 'DESCRIPTIONS_CHANGED', undefined]]],
  ['another name of an import', ['ratings', '"@key"', '{ name: "@key", as: "@key" }'], []],
  ['a field that clients never saw', ['catalog', ' secretMedia: Media @inaccessible', ''], []],
  ['a field that is shown at last', ['catalog', 'minutes: Int @inaccessible', 'minutes: Int'], [['info', 'FIELD_ADDED', 'Film.minutes']]],
  ['a field that is hidden', ['catalog', 'pages: Int }', 'pages: Int @inaccessible }'], [['warning', 'FIELD_REMOVED', 'Book.pages']]],
  [
    'a field of an interface object that is used',
    ['ratings', 'stars: Float ', ''],
    [
      ['error', 'FIELD_REMOVED', 'Book.stars'],
      ['warning', 'FIELD_REMOVED', 'Film.stars'],
      ['warning', 'FIELD_REMOVED', 'Media.stars'],
    ],
  ],
  ['a tag', ['catalog', ' @tag(name: "public")', ''], []],
  ['a directive of its own', ['catalog', '@owner(team: "print")', '@owner(team: "ink")'], []],
  [
    'a new value of an enum that is read',
    ['readers', 'LONG SHORT', 'LONG SHORT TINY'],
    [['warning', 'ENUM_VALUE_ADDED', 'NameStyle.TINY']],
  ],
  [
    'a new type that comes with its fields',
    ['readers', 'enum NameStyle', 'type Club { id: ID! name: String size: Int }\nenum NameStyle'],
    [['info', 'TYPE_ADDED', 'Club']],
  ],
  [
    'another default in an input that is sent',
    ['readers', '"nobody"', '"somebody"'],
    [['warning', 'INPUT_FIELD_DEFAULT_VALUE_CHANGED', 'RenameInput.name']],
  ],
  [
    'another default that nobody relies on',
    ['ratings', 'first: Int = 3', 'first: Int = 4'],
    [
      ['info', 'FIELD_ARGUMENT_DEFAULT_CHANGED', 'Book.ratings(first:)'],
      ['info', 'FIELD_ARGUMENT_DEFAULT_CHANGED', 'Film.ratings(first:)'],
      ['info', 'FIELD_ARGUMENT_DEFAULT_CHANGED', 'Media.ratings(first:)'],
    ],
  ],
  [
    'an optional argument',
    ['catalog', 'media(id: ID!)', 'media(id: ID!, locale: String)'],
    [['info', 'FIELD_ARGUMENT_ADDED', 'Query.media(locale:)']],
  ],
])('%s', async (_name, edit, expected) => {
  expect(await step(...edit)).toEqual(expected);
});

test('an enum value that is only sent concerns nobody who does not know it', async () => {
  const base = [source('a', 'type Query { a(kind: Kind): Int } enum Kind { ONE }')];
  const changed = [source('a', 'type Query { a(kind: Kind): Int } enum Kind { ONE TWO }')];
  const sent = [operation('A', 'query A($kind: Kind) { a(kind: $kind) }')];
  const findings = await check({ base, changed, operations: sent, approvals: [], today });
  expect(findings.filter(({ code }) => code === 'ENUM_VALUE_ADDED').map(brief)).toEqual([['info', 'ENUM_VALUE_ADDED', 'Kind.TWO']]);
});

test('a default that an operation leaves out concerns it; one that it gives does not', async () => {
  const base = [source('a', 'type Query { a(first: Int = 1): Int }')];
  const changed = [source('a', 'type Query { a(first: Int = 2): Int }')];
  const used = [operation('Leaves', '{ a }'), operation('Gives', '{ a(first: 1) }')];
  const findings = await check({ base, changed, operations: used, approvals: [], today });
  expect(findings.find(({ code }) => code === 'FIELD_ARGUMENT_DEFAULT_CHANGED')?.operations?.map(({ name }) => name)).toEqual(['Leaves']);
});

test('an operation that no longer fits, though every change alone is safe, fails the check', async () => {
  const base = [source('a', 'type Query { u: U } union U = A | B type A { x: Int } type B { x: Int }')];
  const changed = [source('a', 'type Query { u: U } union U = A | B type A { x: Int! } type B { x: Int }')];
  const used = [operation('Both', '{ u { ... on A { x } ... on B { x } } }')];
  const [first] = await check({ base, changed, operations: used, approvals: [], today });
  expect(first).toMatchObject({ severity: 'error', code: 'OPERATION_INVALID', coordinate: 'Both' });
});

test('a subgraph that leaves takes its fields along', async () => {
  const findings = await check({ base: federation1, changed: [], removed: ['reviews'], operations: [], approvals: [], today });
  expect(findings.map(({ code, coordinate }) => `${code} ${coordinate}`)).toContain('FIELD_REMOVED Product.reviews');
});

test('findings have the file and line of what they are about, or of what it was taken from', async () => {
  const places = async (from: string, to: string) => {
    const changed = federation1.map((item) => ({ ...item, sdl: item.sdl.replace(from, to) }));
    const findings = await check({ base: federation1, changed, operations: [], approvals: [], today });
    return findings
      .filter(({ code }) => /REMOVED|CHANGED|^FIELD_ADDED/.test(code))
      .map(({ coordinate, place }) => [coordinate, `${place?.file}:${place?.line}`]);
  };
  expect(await places('weight: Int brand: Brand', 'weight: Int brand: String')).toContainEqual([
    'Product.brand',
    'products/schema.graphql:4',
  ]);
  expect(await places(' brand: Brand', '')).toEqual([['Product.brand', 'products/schema.graphql:4']]);
  expect(await places('type Name { first: String last: String }', 'type Name { first: String middle: String last: String }')).toEqual([
    ['Name.middle', 'accounts/schema.graphql:4'],
  ]);
  expect(await places('me: User', 'me: User you(id: ID): User')).toEqual([['Query.you', 'accounts/schema.graphql:1']]);
});

test('Federation 2 without a link is taken for what it is, with a warning where it shows', () => {
  const { supergraph, findings } = compose([
    source('a', 'type Query { a: A }\ntype A @shareable { x: Int }'),
    source('b', 'extend type Query { b: Int }'),
  ]);
  expect(supergraph).toContain('type A');
  expect(findings).toMatchObject([{ severity: 'warning', code: 'FEDERATION_LINK_MISSING', place: { file: 'a/schema.graphql', line: 2 } }]);
});
