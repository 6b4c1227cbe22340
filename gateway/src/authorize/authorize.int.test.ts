import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@requires", "@external", { name: "@authenticated", as: "@login" }, "@requiresScopes", "@policy"])`;

const vault: SubgraphSource = {
  sdl: `${LINK}
    type Query {
      open: String
      me: Account @login
      staffNote: String @policy(policies: [["staff"]])
      strange: String @policy(policies: [["nobody-wrote-this"]])
      orders: [Order!] @requiresScopes(scopes: [["orders:read"]])
      either: String @requiresScopes(scopes: [["orders:read", "accounts:read"], ["catalog:write"]])
      pets: [Pet!]!
      animals: [Animal!]
      things: [Thing!]
      mood: Mood
      code: Secret
      must: Must
      item: Item
    }
    type Mutation { wipe: Int @requiresScopes(scopes: [["orders:write"]])  touch: Item  audit: Report }
    type Report @login { rows: Int }
    type Account @key(fields: "id") { id: ID!  name: String  ssn: String @requiresScopes(scopes: [["accounts:read"]])  friends: [Account!] }
    type Order { id: ID!  total: Int }
    interface Pet { name: String }
    type Dog implements Pet { name: String  bark: String }
    type Cat implements Pet { name: String @requiresScopes(scopes: [["reviews:moderate"]])  meow: String }
    interface Animal { legs: Int }
    type Ant implements Animal { legs: Int }
    type Bee implements Animal { legs: Int }
    type Book { title: String }
    type Diary @login { title: String }
    union Thing = Book | Diary
    enum Mood @login { GOOD BAD }
    scalar Secret @requiresScopes(scopes: [["accounts:read"]])
    type Must { public: String  secret: String! @login }
    type Item @key(fields: "id") { id: ID!  cost: Int @requiresScopes(scopes: [["catalog:write"]])  name: String }`,
  resolvers: {
    Query: {
      open: () => 'open',
      me: () => ({ id: 'usr_1', name: 'Ann', ssn: '123', friends: [{ id: 'usr_2', name: 'Bob', ssn: '456' }] }),
      staffNote: () => 'note',
      strange: () => 'strange',
      orders: () => [{ id: 'o1', total: 5 }],
      either: () => 'either',
      pets: () => [
        { __typename: 'Dog', name: 'Rex', bark: 'wuff' },
        { __typename: 'Cat', name: 'Tom', meow: 'miau' },
      ],
      animals: () => [{ __typename: 'Ant', legs: 6 }],
      things: () => [
        { __typename: 'Book', title: 'Book' },
        { __typename: 'Diary', title: 'Dear diary' },
      ],
      mood: () => 'GOOD',
      code: () => 'code',
      must: () => ({ public: 'p', secret: 's' }),
      item: () => ({ id: 'i1', cost: 3, name: 'Item' }),
    },
    Mutation: { wipe: () => 1, touch: () => ({ id: 'i1', cost: 3, name: 'Item' }), audit: () => ({ rows: 1 }) },
    Item: { __resolveReference: ({ id }: { id: string }) => ({ id, cost: 3, name: 'Item' }) },
  },
};

let issuer: TestIssuer;
let graph: TestGateway;
let rejecting: TestGateway;
beforeAll(async () => {
  issuer = await startTestIssuer();
  graph = await startTestGateway({ vault }, { ISSUERS: issuer.config });
  rejecting = await startTestGateway({ vault }, { ISSUERS: issuer.config, AUTHORIZATION_MODE: 'reject' });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await rejecting[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** Asks and tells what the subgraph was asked meanwhile. */
async function ask(query: string, headers: Record<string, string> = {}, variables: Record<string, unknown> = {}) {
  const before = graph.subgraphs['vault']?.seen.length ?? 0;
  const { data, errors, codes, text } = await graph.ask(query, { headers, variables });
  const sent = graph.subgraphs['vault']?.seen.slice(before).map((request) => request.query) ?? [];
  return { data, paths: errors.map((error) => error.path), codes, sent, text };
}

describe('nobody', () => {
  test.each<[string, string, Record<string, unknown> | null, string[][]]>([
    ['a field', '{ me { name } }', { me: null }, [['me']]],
    ['an aliased field', '{ x: me { y: name } }', { x: null }, [['x']]],
    ['a field in a fragment', 'query { ...F } fragment F on Query { me { name } }', { me: null }, [['me']]],
    [
      'a field in nested fragments',
      'query { ...F } fragment F on Query { ... { ...G } } fragment G on Query { me { name } }',
      { me: null },
      [['me']],
    ],
    ['a field asked twice', '{ a: me { name } b: me { name } }', { a: null, b: null }, [['a'], ['b']]],
    ['a field of a scope', '{ orders { id } }', { orders: null }, [['orders']]],
    ['a field of a policy', '{ staffNote }', { staffNote: null }, [['staffNote']]],
    ['a field whose type is an enum that is denied', '{ mood }', { mood: null }, [['mood']]],
    ['a field whose type is a scalar that is denied', '{ code }', { code: null }, [['code']]],
    ['only __typename of a denied field', '{ me { __typename } }', { me: null }, [['me']]],
    ['a mutation', 'mutation { wipe }', { wipe: null }, [['wipe']]],
    ['a mutation whose payload type is denied', 'mutation { audit { rows } }', { audit: null }, [['audit']]],
    ['a mutation of which only denied fields are asked', 'mutation { touch { cost } }', { touch: null }, [['touch', 'cost']]],
    ['a field behind an interface that one type denies', '{ pets { name } }', null, [['pets', '@', 'name']]],
    ['a denied member of a union', '{ things { ... on Diary { title } } }', { things: null }, [['things', '@', 'title']]],
    [
      'a denied field with @include from a variable',
      'query($yes: Boolean = true) { me @include(if: $yes) { name } }',
      { me: null },
      [['me']],
    ],
  ])('does not get %s, and no subgraph hears of it', async (_name, query, data, paths) => {
    const answer = await ask(query);
    expect(answer.sent).toEqual([]);
    expect(answer.data).toEqual(data);
    expect(answer.paths).toEqual(paths);
    expect(new Set(answer.codes)).toEqual(new Set([DENIED]));
  });

  test('gets the rest of a query, and the subgraph is not asked for the denied part', async () => {
    const answer = await ask('{ open me { name } item { name cost } must { public secret } }');
    expect(answer.data).toEqual({ open: 'open', me: null, item: { name: 'Item', cost: null }, must: null });
    expect(answer.paths).toEqual([['me'], ['item', 'cost'], ['must', 'secret']]);
    expect(answer.sent.join()).not.toMatch(/\b(me|cost|secret)\b/);
  });

  test('gets what a union shows of allowed types; objects of denied types lack their fields', async () => {
    const answer = await ask('{ things { __typename ... on Book { title } ... on Diary { d: title } } }');
    expect(answer.data).toEqual({
      things: [
        { __typename: 'Book', title: 'Book' },
        { __typename: 'Diary', d: null },
      ],
    });
    expect(answer.sent.join()).not.toMatch(/d: ?title/);
  });

  test('gets fields of the types behind an interface that are not denied', async () => {
    expect((await ask('{ pets { ... on Dog { name bark } ... on Cat { meow } } animals { legs } }')).data).toEqual({
      pets: [{ name: 'Rex', bark: 'wuff' }, { meow: 'miau' }],
      animals: [{ legs: 6 }],
    });
  });

  test('does not get a denied field by going back to the interface from a type', async () => {
    const answer = await ask('{ pets { ... on Cat { ... on Pet { name } meow } ... on Dog { ... on Pet { name } } } }');
    // Composition puts what any type behind the interface asks for on the interface's field, so the dog's name is denied this way, too.
    expect(answer.data).toEqual({ pets: [{ name: null }, { name: null, meow: 'miau' }] });
  });

  test('gets introspection, also next to denied fields and with fragments', async () => {
    const answer = await ask('query { __schema { queryType { ...T } } me { name } } fragment T on __Type { name }');
    expect(answer.data).toEqual({ __schema: { queryType: { name: 'Query' } }, me: null });
  });

  test('may use any alias, also one that stands for a denied field within the gateway', async () => {
    const answer = await ask('{ denied_0_me: open denied_0_me_: open me { name } }');
    expect(answer.data).toEqual({ denied_0_me: 'open', denied_0_me_: 'open', me: null });
  });

  test('gets null only where a field was asked for', async () => {
    expect((await ask('query($no: Boolean!) { open me @include(if: $no) { name } }', {}, { no: false })).data).toEqual({ open: 'open' });
    expect((await ask('query($no: Boolean!) { me @include(if: $no) { name } }', {}, { no: false })).data).toEqual({});
  });
});

describe('a caller', () => {
  test('gets what its scopes allow, whoever asked the same query before', async () => {
    const query = '{ me { name ssn friends { name ssn } } orders { total } }';
    const customer = await issuer.as('CUSTOMER');
    const support = await issuer.as('SUPPORT');
    const limited = { me: { name: 'Ann', ssn: null, friends: [{ name: 'Bob', ssn: null }] }, orders: null };
    const full = { me: { name: 'Ann', ssn: '123', friends: [{ name: 'Bob', ssn: '456' }] }, orders: [{ total: 5 }] };
    for (const [headers, data] of [
      [customer, limited],
      [support, full],
      [{}, { me: null, orders: null }],
      [customer, limited],
      [support, full],
    ] as const) {
      expect((await ask(query, headers)).data).toEqual(data);
    }
    expect((await ask(query, customer)).paths).toEqual([['me', 'ssn'], ['me', 'friends', '@', 'ssn'], ['orders']]);
  });

  test.each([
    ['SUPPORT', 'either'],
    ['CATALOG_MANAGER', 'either'],
    ['ADMIN', 'either'],
    ['CUSTOMER', null],
    ['ORDER_MANAGER', null],
  ] as const)('%s holding one of the lists of scopes in full gets %s', async (role, expected) => {
    expect((await ask('{ either }', await issuer.as(role))).data).toEqual({ either: expected });
  });

  test('meets a policy by its function; a policy that nobody wrote never holds', async () => {
    expect((await ask('{ staffNote strange }', await issuer.as('MODERATOR'))).data).toEqual({ staffNote: 'note', strange: null });
    expect((await ask('{ staffNote strange }', await issuer.as('CUSTOMER'))).data).toEqual({ staffNote: null, strange: null });
  });

  test('is judged by the operation that is executed, not by another one in the document', async () => {
    const query = 'query A { open } query B { me { name } }';
    expect((await graph.ask(query, { operationName: 'A' })).errors).toEqual([]);
    expect((await graph.ask(query, { operationName: 'B' })).codes).toEqual([DENIED]);
  });
});

test('in the mode "reject" nothing is served when anything is denied', async () => {
  const before = rejecting.fetches();
  const answer = await rejecting.ask('{ open me { name } }');
  expect(answer).toMatchObject({ codes: [DENIED], data: undefined });
  expect(answer.errors[0]?.extensions['paths']).toEqual([['me']]);
  expect(rejecting.fetches()).toBe(before);
  expect((await rejecting.ask('{ open }')).data).toEqual({ open: 'open' });
});

test('rules change together with the schema', async () => {
  await using own = await startTestGateway({ vault }, { ISSUERS: issuer.config });
  expect((await own.ask('{ open }')).errors).toEqual([]);
  await own.gateway.schema.update(own.gateway.schema.current.sdl.replace(/open: String$/m, 'open: String @login'));
  expect((await own.ask('{ open }')).codes).toEqual([DENIED]);
});

test('a subscription over plain HTTP is refused with a client error', async () => {
  const feed: SubgraphSource = { sdl: `${LINK} type Query { a: Int } type Subscription { ticks: Int }`, resolvers: {} };
  await using own = await startTestGateway({ feed });
  expect(await own.ask('subscription { ticks }')).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
});

test('a denied operation never reaches a plan: 200 different ones leave no trace in the subgraph', async () => {
  const before = graph.fetches();
  await Promise.all(Array.from({ length: 200 }, (_item, index) => graph.ask(`query Q${index} { a${index}: me { name } }`)));
  expect(graph.fetches()).toBe(before);
});
