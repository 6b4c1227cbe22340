import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@authenticated", "@external", "@requires"])`;

const OLD = 'multipart/mixed; deferSpec=20220824';
const NEW = 'multipart/mixed; incrementalSpec=v0.2';

/** Lets a test hold back an answer. */
class Gate {
  private readonly opened = Promise.withResolvers<void>();
  open(): void {
    this.opened.resolve();
  }
  passed(): Promise<void> {
    return this.opened.promise;
  }
}

interface Film {
  readonly id: string;
}

function cinema(gate: Gate): Readonly<Record<string, SubgraphSource>> {
  return {
    films: {
      sdl: `${LINK}
        type Query { films: [Film]  film: Film }
        type Mutation { rate: Film }
        type Film @key(fields: "id") { id: ID!  title: String!  studio: Studio  lead: Actor!  secret: String @authenticated }
        type Studio { name: String!  city: String }
        type Actor @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          films: () => [{ id: '1', title: 'One' }, null, { id: '2', title: 'Two' }],
          film: () => ({ id: '1', title: 'One', studio: { name: 'S', city: 'C' }, lead: { id: 'a' } }),
        },
        Mutation: { rate: () => ({ id: '1', title: 'One' }) },
        Film: { __resolveReference: ({ id }: Film) => ({ id, title: id === '1' ? 'One' : 'Two', lead: { id: 'a' } }) },
      },
    },
    reviews: {
      sdl: `${LINK}
        type Film @key(fields: "id") { id: ID!  stars: Int!  reviews: [Review!] }
        type Review { body: String  by: Actor }
        type Actor @key(fields: "id") { id: ID!  quote: String }`,
      resolvers: {
        Film: {
          __resolveReference: async (reference: Film) => {
            await gate.passed();
            return reference;
          },
          stars: ({ id }: Film) => {
            if (id === '2') throw new Error('no stars tonight');
            return 5;
          },
          reviews: () => [{ body: 'good', by: { id: 'b' } }],
        },
        Actor: { __resolveReference: (reference: unknown) => reference, quote: ({ id }: Film) => `quote of ${id}` },
      },
    },
  };
}

interface Asking {
  readonly accept?: string;
  readonly variables?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

/** Sends an operation and reads the pieces of the answer as they come. */
async function* pieces(graph: TestGateway, query: string, { accept = OLD, variables, headers }: Asking = {}): AsyncGenerator<unknown> {
  const response = await fetch(graph.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  expect(response.headers.get('content-type')).toBe(`multipart/mixed; boundary="-"; ${accept.replace('multipart/mixed; ', '')}`);
  let text = '';
  const take = function* () {
    for (let end = text.indexOf('\r\n---'); end !== -1; end = text.indexOf('\r\n---')) {
      const piece = text.slice(0, end);
      text = text.slice(end + 5);
      const body = piece.split('\r\n\r\n')[1];
      if (body !== undefined) yield JSON.parse(body) as unknown;
    }
  };
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk as Uint8Array);
    yield* take();
  }
  expect(text).toBe('--\r\n');
}

async function all(graph: TestGateway, query: string, asking?: Asking): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const piece of pieces(graph, query, asking)) found.push(piece);
  return found;
}

test('what is not deferred is answered while the rest is still being fetched', async () => {
  const gate = new Gate();
  await using graph = await startTestGateway(cinema(gate));
  const answer = pieces(graph, '{ film { title ... @defer(label: "later") { stars reviews { body } } } }');
  expect((await answer.next()).value).toEqual({ data: { film: { title: 'One' } }, hasNext: true });
  gate.open();
  expect((await answer.next()).value).toEqual({
    incremental: [{ data: { stars: 5, reviews: [{ body: 'good' }] }, path: ['film'], label: 'later' }],
    hasNext: false,
  });
  expect((await answer.next()).done).toBe(true);
});

test('the newer format names what is pending and says when it is complete', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  expect(await all(graph, '{ film { ...Later @defer } } fragment Later on Film { id: title stars }', { accept: NEW })).toEqual([
    { data: { film: {} }, pending: [{ id: '0', path: ['film'] }], hasNext: true },
    { incremental: [{ id: '0', data: { id: 'One', stars: 5 } }], completed: [{ id: '0' }], hasNext: false },
  ]);
});

test('a deferred part of a list is delivered for each object that is there, with its own errors', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  const query = '{ films { title ... @defer(label: "s") { stars } } }';
  const error = { message: 'Part of the answer is not available right now.', path: ['films', 2, 'stars'] };
  const [first, second] = await all(graph, query);
  expect(first).toEqual({ data: { films: [{ title: 'One' }, null, { title: 'Two' }] }, hasNext: true });
  expect(second).toMatchObject({
    incremental: [
      { data: { stars: 5 }, path: ['films', 0], label: 's' },
      { data: null, path: ['films', 2], label: 's', errors: [error] },
    ],
    hasNext: false,
  });
  expect((await all(graph, query, { accept: NEW }))[1]).toMatchObject({
    incremental: [{ id: '0', data: { stars: 5 } }],
    completed: [{ id: '0' }, { id: '1', errors: [error] }],
    hasNext: false,
  });
});

test('each part that became null says why, also when its subgraph is away', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  await graph.subgraphs['reviews']?.[Symbol.asyncDispose]();
  const query = '{ films { title ... @defer(label: "s") { stars } } }';
  const error = { message: 'Part of the answer is not available right now.', extensions: { code: 'DOWNSTREAM_UNAVAILABLE' } };
  expect((await all(graph, query))[1]).toMatchObject({
    incremental: [
      { data: null, path: ['films', 0], errors: [error] },
      { data: null, path: ['films', 2], errors: [error] },
    ],
  });
  expect((await all(graph, query, { accept: NEW }))[1]).toMatchObject({
    completed: [
      { id: '0', errors: [error] },
      { id: '1', errors: [error] },
    ],
  });
});

test('a part within a part is announced with it and follows it', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  const query = '{ film { ... @defer(label: "outer") { reviews { body by { ... @defer(label: "inner") { quote } } } } } }';
  const place = ['film', 'reviews', 0, 'by'];
  expect(await all(graph, query, { accept: NEW })).toEqual([
    { data: { film: {} }, pending: [{ id: '0', path: ['film'], label: 'outer' }], hasNext: true },
    {
      pending: [{ id: '1', path: place, label: 'inner' }],
      incremental: [{ id: '0', data: { reviews: [{ body: 'good', by: {} }] } }],
      completed: [{ id: '0' }],
      hasNext: true,
    },
    { incremental: [{ id: '1', data: { quote: 'quote of b' } }], completed: [{ id: '1' }], hasNext: false },
  ]);
  expect((await all(graph, query))[2]).toEqual({
    incremental: [{ data: { quote: 'quote of b' }, path: place, label: 'inner' }],
    hasNext: false,
  });
});

test('errors of parts within the parts of a list are told once, each with its own part', async () => {
  const reference = (given: unknown) => given;
  await using graph = await startTestGateway({
    films: {
      sdl: `${LINK} type Query { films: [Film!]! } type Film @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { films: () => [{ id: '1' }, { id: '2' }, { id: '3' }] } },
    },
    casts: {
      sdl: `${LINK} type Film @key(fields: "id") { id: ID!  lead: Actor } type Actor @key(fields: "id") { id: ID! }`,
      resolvers: { Film: { __resolveReference: reference, lead: ({ id }: Film) => ({ id: `lead of ${id}` }) } },
    },
    scores: {
      sdl: `${LINK} type Film @key(fields: "id") { id: ID!  score: Int! }`,
      resolvers: { Film: { __resolveReference: reference, score: ({ id }: Film) => (id === '2' ? null : 5) } },
    },
    quotes: {
      sdl: `${LINK} type Actor @key(fields: "id") { id: ID!  quote: String }`,
      resolvers: {
        Actor: {
          __resolveReference: reference,
          quote: ({ id }: Film) => {
            if (id === 'lead of 2') throw new Error('silent');
            return id;
          },
        },
      },
    },
  });
  const innerParts = async (query: string) => {
    const parts = (await all(graph, query)).flatMap((piece) => (piece as { incremental?: { label?: string }[] }).incremental ?? []);
    return parts.filter(({ label }) => label === 'inner');
  };
  const path = (film: number) => ['films', film, 'lead'];
  const one = { label: 'inner', path: path(0), data: { quote: 'lead of 1' } };
  const two = { label: 'inner', path: path(1), data: { quote: null }, errors: [expect.objectContaining({ path: [...path(1), 'quote'] })] };
  const three = { label: 'inner', path: path(2), data: { quote: 'lead of 3' } };
  expect(await innerParts('{ films { ... @defer { lead { ... @defer(label: "inner") { quote } } } } }')).toEqual([one, two, three]);
  // Of the second film nothing is there that a part could be of.
  expect(await innerParts('{ films { ... @defer { score lead { ... @defer(label: "inner") { quote } } } } }')).toEqual([one, three]);
});

test('a part that needs one half of a divided fetch waits for that half', async () => {
  const reference = (given: unknown) => given;
  const fields = 'type Parcel @key(fields: "id") { id: ID!  weight(unit: String! = "KG"): Float';
  await using graph = await startTestGateway({
    depot: {
      sdl: `${LINK} type Query { parcels: [Parcel!]! } ${fields} }`,
      resolvers: { Query: { parcels: () => [{ id: '1' }] }, Parcel: { weight: () => 2 } },
    },
    carrier: {
      sdl: `${LINK} ${fields} @external
        cost: Float @requires(fields: "weight(unit: \\"KG\\")")
        hub: Hub @requires(fields: "weight(unit: \\"LB\\")") }
        type Hub @key(fields: "id") { id: ID! }`,
      resolvers: {
        Parcel: {
          __resolveReference: reference,
          cost: () => 20,
          hub: async () => {
            await sleep(50);
            return { id: 'h' };
          },
        },
      },
    },
    hubs: {
      sdl: `${LINK} type Hub @key(fields: "id") { id: ID!  name: String }`,
      resolvers: { Hub: { __resolveReference: reference, name: ({ id }: Film) => `hub ${id}` } },
    },
  });
  const [first, part] = await all(graph, '{ parcels { id cost hub { id ... @defer { name } } } }');
  expect(first).toMatchObject({ data: { parcels: [{ id: '1', cost: 20, hub: { id: 'h' } }] } });
  expect(part).toMatchObject({ incremental: [{ path: ['parcels', 0, 'hub'], data: { name: 'hub h' } }] });
});

test('conditions decide at run time what is deferred, and one label may stand in several places', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  const query = `query ($later: Boolean = true, $never: Boolean!) {
    film { title ...F @defer(if: $later, label: "f") ... @defer(if: false) { studio { city } } ... @defer @include(if: $never) { id } }
    films { ...F @defer(if: $later, label: "f") }
  } fragment F on Film { stars }`;
  const [first, ...rest] = await all(graph, query, { variables: { never: false } });
  expect(first).toEqual({ data: { film: { title: 'One', studio: { city: 'C' } }, films: [{}, null, {}] }, hasNext: true });
  const parts = rest.flatMap((piece) => (piece as { incremental: { path: unknown; data: unknown }[] }).incremental);
  expect(parts.map(({ path, data }) => ({ path, data }))).toEqual(
    expect.arrayContaining([
      { path: ['film'], data: { stars: 5 } },
      { path: ['films', 0], data: { stars: 5 } },
      { path: ['films', 2], data: null },
    ]),
  );
  const plain = await graph.ask(query, { variables: { later: false, never: false }, headers: { accept: OLD } });
  expect(plain.headers.get('content-type')).toContain('application/json');
  expect(plain.data).toEqual({ film: { title: 'One', stars: 5, studio: { city: 'C' } }, films: [{ stars: 5 }, null, null] });
});

test('objects without a key of their own are deferred too, although nothing is fetched later for them', async () => {
  await using graph = await startTestGateway(cinema(new Gate()));
  expect(await all(graph, '{ film { studio { name ... @defer { city } } } }')).toEqual([
    { data: { film: { studio: { name: 'S' } } }, hasNext: true },
    { incremental: [{ data: { city: 'C' }, path: ['film', 'studio'] }], hasNext: false },
  ]);
});

test('root fields are deferred, and fields after a mutation', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  expect(await all(graph, '{ __typename ... @defer(label: "root") { film { title } } }')).toEqual([
    { data: { __typename: 'Query' }, hasNext: true },
    { incremental: [{ data: { film: { title: 'One' } }, path: [], label: 'root' }], hasNext: false },
  ]);
  expect(await all(graph, 'mutation { rate { title ... @defer { stars } } }')).toEqual([
    { data: { rate: { title: 'One' } }, hasNext: true },
    { incremental: [{ data: { stars: 5 }, path: ['rate'] }], hasNext: false },
  ]);
});

test('a part of what became null is not delivered', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  const [first, ...rest] = await all(graph, '{ films { stars ... @defer { title } } }');
  expect(first).toMatchObject({ data: { films: [{ stars: 5 }, null, null] }, hasNext: true });
  expect(rest).toEqual([{ incremental: [{ data: { title: 'One' }, path: ['films', 0] }], hasNext: false }]);
});

test('a client that does not ask for parts gets one answer', async () => {
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate));
  const query = '{ film { title ... @defer { stars ... @defer { reviews { body } } } } }';
  const data = { film: { title: 'One', stars: 5, reviews: [{ body: 'good' }] } };
  for (const accept of ['application/json', '*/*', 'multipart/mixed, application/json', `${OLD};q=0, application/json`]) {
    expect(await graph.ask(query, { headers: { accept } })).toMatchObject({ status: 200, data, errors: [] });
  }
});

test('what is denied is denied in one answer', async () => {
  await using issuer = await startTestIssuer();
  const gate = new Gate();
  gate.open();
  await using graph = await startTestGateway(cinema(gate), { ISSUERS: issuer.config });
  const { data, codes } = await graph.ask('{ film { title ... @defer { secret stars } } }', { headers: { accept: OLD } });
  expect(data).toEqual({ film: { title: 'One', secret: null, stars: 5 } });
  expect(codes).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
});

test('a client that goes away ends what is still being fetched', async () => {
  const gate = new Gate();
  await using graph = await startTestGateway(cinema(gate));
  const answer = pieces(graph, '{ film { title ... @defer { stars } } }');
  await answer.next();
  await answer.return(undefined);
  gate.open();
  expect(await graph.ask('{ film { title } }')).toMatchObject({ status: 200 });
});
