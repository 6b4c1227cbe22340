import { expect, test } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@interfaceObject", "@shareable"])`;

interface Parcel {
  readonly id: string;
  readonly weight?: number;
  readonly size?: { readonly height: number };
  readonly cost?: number;
}

const WEIGHTS: Readonly<Record<string, number>> = { KG: 2, LB: 4 };

/** What a parcel weighs depends on the unit; its height on the unit too. */
const depot: SubgraphSource = {
  sdl: `${LINK}
    type Query { parcels: [Parcel!]!  cargo: [Cargo!]! }
    interface Cargo { id: ID!  weight(unit: String! = "KG"): Float }
    type Parcel implements Cargo @key(fields: "id") { id: ID!  label: String  weight(unit: String! = "KG"): Float  size: Size  sealed: Boolean }
    type Size { height(unit: String!): Float }`,
  resolvers: {
    Query: { parcels: () => [{ id: '1' }], cargo: () => [{ __typename: 'Parcel', id: '1' }] },
    Parcel: {
      __resolveReference: (reference: unknown) => reference,
      label: ({ id }: Parcel) => `parcel ${id}`,
      weight: (_: unknown, { unit }: { unit: string }) => WEIGHTS[unit],
      size: () => ({}),
      sealed: () => true,
    },
    Size: { height: (_: unknown, { unit }: { unit: string }) => (unit === 'CM' ? 100 : 39) },
  },
};

const carrier: SubgraphSource = {
  sdl: `${LINK}
    type Parcel @key(fields: "id") {
      id: ID!
      weight(unit: String! = "KG"): Float @external
      size: Size @external
      costEurope: Float @requires(fields: "weight")
      costAmerica(express: Boolean = false): Float @requires(fields: "weight(unit: \\"LB\\")")
      locker: Float @requires(fields: "size { height(unit: \\"CM\\") }")
      lockerAmerica: Float @requires(fields: "size { height(unit: \\"IN\\") } weight(unit: \\"LB\\")")
      free: Boolean
    }
    type Size @external { height(unit: String!): Float }`,
  resolvers: {
    Parcel: {
      __resolveReference: (reference: unknown) => reference,
      costEurope: ({ weight = 0 }: Parcel) => weight * 10,
      costAmerica: ({ weight = 0 }: Parcel, { express }: { express: boolean }) => weight * (express ? 1000 : 100),
      locker: ({ size }: Parcel) => size?.height,
      lockerAmerica: ({ size, weight = 0 }: Parcel) => (size?.height ?? 0) + weight,
      free: () => false,
    },
  },
};

const graph = { depot, carrier };

test("a client's argument counts although a @requires asks for the same field with another one", async () => {
  await using gateway = await startTestGateway(graph);
  const { data, errors } = await gateway.ask(
    'query ($unit: String!) { parcels { costAmerica weight(unit: $unit) size { height(unit: "IN") } locker kg: weight(unit: "KG") } }',
    { variables: { unit: 'KG' } },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ parcels: [{ costAmerica: 400, weight: 2, size: { height: 39 }, locker: 100, kg: 2 }] });
});

test('each of two @requires gets the field with its own arguments', async () => {
  await using gateway = await startTestGateway(graph);
  const { data, errors } = await gateway.ask(
    `query ($express: Boolean, $not: Boolean = false) {
      parcels { free costEurope ... on Parcel @skip(if: $not) { costAmerica(express: $express) } locker lockerAmerica }
    }`,
    { variables: { express: true } },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ parcels: [{ free: false, costEurope: 20, costAmerica: 4000, locker: 100, lockerAmerica: 43 }] });
});

test('a @requires of a field that has a @requires of its own gets what that one asked for', async () => {
  const insurer: SubgraphSource = {
    sdl: `${LINK}
      type Parcel @key(fields: "id") {
        id: ID!
        costAmerica(express: Boolean = false): Float @external
        weight(unit: String! = "KG"): Float @external
        premium: Float @requires(fields: "costAmerica(express: true) weight(unit: \\"KG\\")")
      }`,
    resolvers: {
      Parcel: {
        __resolveReference: (reference: unknown) => reference,
        premium: ({ costAmerica, weight }: Parcel & { costAmerica: number }) => costAmerica + (weight ?? 0),
      },
    },
  };
  await using gateway = await startTestGateway({ ...graph, insurer });
  const { data, errors } = await gateway.ask('{ parcels { premium costAmerica weight(unit: "LB") } }');
  expect(errors).toEqual([]);
  expect(data).toEqual({ parcels: [{ premium: 4002, costAmerica: 400, weight: 4 }] });
});

test('a @requires with arguments works where the field is known through an interface', async () => {
  await using gateway = await startTestGateway(graph);
  const { data, errors } = await gateway.ask('{ cargo { weight(unit: "KG") ... on Parcel { costAmerica } } }');
  expect(errors).toEqual([]);
  expect(data).toEqual({ cargo: [{ weight: 2, costAmerica: 400 }] });
});

test('an alias that is the name of another field takes nothing away', async () => {
  await using gateway = await startTestGateway(graph);
  const { data, errors } = await gateway.ask(
    '{ parcels { id: label weight: free __typename: sealed free: locker size: __typename costEurope } }',
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    parcels: [{ id: 'parcel 1', weight: false, __typename: true, free: 100, size: 'Parcel', costEurope: 20 }],
  });
});

test('one name for two fields on types that exclude each other is answered for both', async () => {
  const yard: SubgraphSource = {
    sdl: `${LINK}
      type Query { places: [Place!]! }
      union Place = Dock | Shed
      type Dock { parcels: [Parcel!]! }
      type Shed { parcels: [Parcel!]! }
      type Parcel @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        places: () => [
          { __typename: 'Dock', parcels: [{ id: '1' }] },
          { __typename: 'Shed', parcels: [{ id: '1' }] },
        ],
      },
    },
  };
  await using gateway = await startTestGateway({ ...graph, yard });
  const { data, errors } = await gateway.ask(`{
    places {
      ... on Dock { parcels { heavy: weight(unit: "KG") other: weight(unit: "LB") size { height(unit: "CM") } } }
      ... on Shed { parcels { heavy: costAmerica other: costEurope size { height(unit: "IN") } } }
    }
  }`);
  expect(errors).toEqual([]);
  expect(data).toEqual({
    places: [{ parcels: [{ heavy: 2, other: 4, size: { height: 100 } }] }, { parcels: [{ heavy: 400, other: 20, size: { height: 39 } }] }],
  });
});

test('an entity that two places lead to is answered for each, though one name stands for two fields', async () => {
  const reference = (given: unknown) => given;
  await using gateway = await startTestGateway({
    products: {
      sdl: `${LINK} type Query { product(id: ID!): Product } type Product @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { product: (_: unknown, { id }: { id: string }) => ({ id }) } },
    },
    reviews: {
      sdl: `${LINK} type Product @key(fields: "id") { id: ID!  reviews: [Review!] } type Review @key(fields: "id") { id: ID! }`,
      resolvers: { Product: { __resolveReference: reference, reviews: () => [{ id: 'r' }] } },
    },
    texts: {
      sdl: `${LINK} type Review @key(fields: "id") { id: ID!  title: String  body(format: String!): String  others(first: Int!): [Review!] }`,
      resolvers: {
        Review: {
          __resolveReference: reference,
          title: ({ id }: Parcel) => `title of ${id}`,
          body: ({ id }: Parcel, { format }: { format: string }) => `${id} in ${format}`,
          others: (_: unknown, { first }: { first: number }) => Array.from({ length: first }, (_each, n) => ({ id: `other ${n}` })),
        },
      },
    },
  });
  const { data, errors } = await gateway.ask(`{
    a: product(id: 1) { reviews { body(format: "A") t: title others(first: 1) { id } } }
    b: product(id: 1) { reviews { body(format: "B") t: body(format: "C") others(first: 2) { id } } }
  }`);
  expect(errors).toEqual([]);
  expect(data).toEqual({
    a: { reviews: [{ body: 'r in A', t: 'title of r', others: [{ id: 'other 0' }] }] },
    b: { reviews: [{ body: 'r in B', t: 'r in C', others: [{ id: 'other 0' }, { id: 'other 1' }] }] },
  });
});

test('a mutation whose argument is written in two orders is one mutation', async () => {
  const paid: unknown[] = [];
  await using gateway = await startTestGateway({
    payments: {
      sdl: `type Query { none: Int } type Mutation { pay(bill: Bill!): Payment } input Bill { to: String!  of: Sum! } input Sum { amount: Int!  currency: String! }
        type Payment { id: ID!  amount: Int! }`,
      resolvers: {
        Mutation: {
          pay: (_: unknown, { bill }: { bill: { of: { amount: number } } }) => ({ id: paid.push(bill), amount: bill.of.amount }),
        },
      },
    },
  });
  const { data, errors } = await gateway.ask(`mutation {
    pay(bill: { to: "me", of: { amount: 5, currency: "EUR" } }) { id }
    ...Amount
  } fragment Amount on Mutation { pay(bill: { of: { currency: "EUR", amount: 5 }, to: "me" }) { amount } }`);
  expect(errors).toEqual([]);
  expect(data).toEqual({ pay: { id: '1', amount: 5 } });
  expect(paid).toHaveLength(1);
});

test("a client's variables may have the names of the planner's", async () => {
  await using gateway = await startTestGateway(graph);
  const { data, errors } = await gateway.ask(
    `query ($representations: Boolean!, $representations_: Boolean = true, $no: Boolean!) {
      parcels { costAmerica(express: $representations) free @skip(if: $representations_) ... on Parcel @skip(if: $representations) { locker } ... @skip(if: $no) { costEurope } }
    }`,
    { variables: { representations: false, no: true } },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ parcels: [{ costAmerica: 400, locker: 100 }] });
});

test('a field that is skipped takes nothing away from those that require something else', async () => {
  await using gateway = await startTestGateway(graph);
  const query = 'query ($no: Boolean!) { parcels { costEurope @skip(if: $no) locker free } }';
  expect(await gateway.ask(query, { variables: { no: true } })).toMatchObject({
    data: { parcels: [{ locker: 100, free: false }] },
    errors: [],
  });
  const before = gateway.fetches();
  const all = { data: { parcels: [{ costEurope: 20, locker: 100, free: false }] }, errors: [] };
  expect(await gateway.ask(query, { variables: { no: false } })).toMatchObject(all);
  expect(gateway.fetches() - before).toBe(2);
});

test('what an object around a key lacks does not take the key away', async () => {
  const reference = (given: unknown) => given;
  const unit = 'type Unit @key(fields: "org { id } code") { org: Org! @shareable  code: ID! ';
  await using gateway = await startTestGateway({
    units: {
      sdl: `${LINK} type Query { unit: Unit } ${unit} name: String } type Org @key(fields: "id") { id: ID!  name: String }`,
      resolvers: { Query: { unit: () => ({ org: { id: 'o', name: 'org' }, code: 'u', name: 'unit' }) } },
    },
    signs: {
      sdl: `${LINK} ${unit} name: String @external  title: String @requires(fields: "name")  sign: String @requires(fields: "org { name }") }
        type Org @key(fields: "id") { id: ID!  name: String @external }`,
      resolvers: {
        Unit: {
          __resolveReference: reference,
          title: ({ org, name }: { org: Parcel; name: string }) => `${name} of ${org.id}`,
          sign: ({ org }: { org: { name: string } }) => `the sign of ${org.name}`,
        },
      },
    },
  });
  const query = 'query ($yes: Boolean!) { unit { title sign @include(if: $yes) } }';
  const title = 'unit of o';
  expect(await gateway.ask(query, { variables: { yes: true } })).toMatchObject({
    data: { unit: { title, sign: 'the sign of org' } },
    errors: [],
  });
  expect(await gateway.ask(query, { variables: { yes: false } })).toMatchObject({ data: { unit: { title } }, errors: [] });
});

test('a subgraph that is away takes only what requires it from another', async () => {
  const scale: SubgraphSource = {
    sdl: `${LINK} type Parcel @key(fields: "id") { id: ID!  grams: Int }`,
    resolvers: { Parcel: { __resolveReference: (reference: unknown) => reference, grams: () => 7 } },
  };
  const printer: SubgraphSource = {
    sdl: `${LINK} type Parcel @key(fields: "id") {
      id: ID!  grams: Int @external  label: String @external
      weightTag: String @requires(fields: "grams")  nameTag: String @requires(fields: "label")  blank: String }`,
    resolvers: {
      Parcel: {
        __resolveReference: (reference: unknown) => reference,
        weightTag: ({ grams }: { grams: number }) => `${grams} g`,
        nameTag: ({ label }: { label: string }) => `for ${label}`,
        blank: () => '',
      },
    },
  };
  await using gateway = await startTestGateway({ ...graph, scale, printer });
  const query = '{ parcels { weightTag nameTag blank } }';
  expect((await gateway.ask(query)).data).toEqual({ parcels: [{ weightTag: '7 g', nameTag: 'for parcel 1', blank: '' }] });
  await gateway.subgraphs['scale']?.[Symbol.asyncDispose]();
  const { data, codes } = await gateway.ask(query);
  expect(data).toEqual({ parcels: [{ weightTag: null, nameTag: 'for parcel 1', blank: '' }] });
  expect(codes).toEqual(['DOWNSTREAM_UNAVAILABLE']);
});

test('a required field that clients may not see is not named when it fails', async () => {
  const hidden = LINK.replace('"@requires"', '"@requires", "@inaccessible"');
  const fail = () => {
    throw new Error('no margin');
  };
  await using gateway = await startTestGateway({
    buying: {
      sdl: `${hidden} type Query { product: Product } type Product @key(fields: "id") { id: ID!  margin: Int @inaccessible }`,
      resolvers: { Query: { product: () => ({ id: '1' }) }, Product: { margin: fail } },
    },
    selling: {
      sdl: `${hidden} type Product @key(fields: "id") { id: ID!  margin: Int @external  discount: Int @requires(fields: "margin") }`,
      resolvers: { Product: { __resolveReference: (given: unknown) => given, discount: () => null } },
    },
  });
  const { data, errors, text } = await gateway.ask('{ product { id discount } }');
  expect(data).toEqual({ product: { id: '1', discount: null } });
  expect(errors).toHaveLength(1);
  expect(text).not.toContain('margin');
});

test('an object of which no field is included is an object without fields, not null', async () => {
  await using gateway = await startTestGateway(graph);
  const query =
    'query ($yes: Boolean!, $no: Boolean!) { parcels @include(if: $yes) { label @include(if: $no) ...F } } fragment F on Parcel { label @skip(if: $yes) }';
  expect(await gateway.ask(query, { variables: { yes: true, no: false } })).toMatchObject({ data: { parcels: [{}] }, errors: [] });
  expect(await gateway.ask(query, { variables: { yes: false, no: false } })).toMatchObject({ data: {}, errors: [] });
});

test('a subgraph is entered again by a key that it resolves', async () => {
  const registry: SubgraphSource = {
    sdl: `${LINK}
      type Query { ship: Ship }
      type Ship @key(fields: "code", resolvable: false) @key(fields: "code flag { country }") {
        code: ID!  flag: Flag @shareable  tons: Float @external  dues: Float @requires(fields: "tons") }
      type Flag @shareable { country: String }`,
    resolvers: {
      Query: { ship: () => ({ code: 'S1', flag: { country: 'NO' } }) },
      Ship: {
        __resolveReference: ({ code, flag, tons }: { code: string; flag?: { country: string }; tons: number }) =>
          flag === undefined ? null : { code, flag, tons },
        dues: ({ tons, flag }: { tons: number; flag: { country: string } }) => (flag.country === 'NO' ? tons : -1),
      },
    },
  };
  const yard: SubgraphSource = {
    sdl: `${LINK} type Ship @key(fields: "code") { code: ID!  tons: Float }`,
    resolvers: { Ship: { __resolveReference: (reference: unknown) => reference, tons: () => 70 } },
  };
  await using gateway = await startTestGateway({ registry, yard });
  expect(await gateway.ask('{ ship { dues } }')).toMatchObject({ data: { ship: { dues: 70 } }, errors: [] });
});

test('an operation that no plan can answer is refused instead of answered with null', async () => {
  const isle: SubgraphSource = {
    sdl: `${LINK} type Query { node: Node  code: String } interface Node @key(fields: "id") { id: ID! }`,
    resolvers: { Query: { node: () => ({ id: '1' }), code: () => 'c' }, Node: { __resolveType: () => 'Nothing' } },
  };
  const other: SubgraphSource = {
    sdl: `${LINK} type Query { other: Node } type Node @interfaceObject @key(fields: "id", resolvable: false) { id: ID!  extra: String }`,
    resolvers: { Query: { other: () => null } },
  };
  await using gateway = await startTestGateway({ isle, other });
  expect(await gateway.ask('{ code node { extra } }')).toMatchObject({
    status: 400,
    codes: ['GRAPHQL_VALIDATION_FAILED'],
    errors: [{ message: expect.stringContaining('Node.extra') }],
  });
  expect(
    await gateway.ask(
      'query ($no: Boolean!) { code node @include(if: false) { extra } ...F @skip(if: true) } fragment F on Query { node { extra } }',
      { variables: { no: false } },
    ),
  ).toMatchObject({ codes: ['GRAPHQL_VALIDATION_FAILED'] });
  expect(
    await gateway.ask('{ code node @include(if: false) { extra } ...F @skip(if: true) } fragment F on Query { node { extra } }'),
  ).toMatchObject({ data: { code: 'c' }, errors: [] });
});
