import { expect, test } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@context", "@fromContext"])`;

interface Note {
  readonly id: string;
}

const GUESTS = [
  { __typename: 'Guest', id: 'g1', locale: 'de', notes: [{ id: 'n1' }, { id: 'n2' }], room: { id: 'r1' } },
  { __typename: 'Guest', id: 'g2', locale: 'fr', notes: [{ id: 'n1' }], room: { id: 'r1' } },
  { __typename: 'Guest', id: 'g3', locale: 'de', notes: [{ id: 'n3' }], room: null },
  { __typename: 'Guest', id: 'g4', locale: null, notes: [{ id: 'n1' }], room: null },
];

/** Notes and rooms speak the language of the guest, or of the house, that they were reached through. */
const hotel: SubgraphSource = {
  sdl: `${LINK}
    type Query { guests: [Guest!]!  places: [Place!]! }
    type Guest @key(fields: "id") @context(name: "speaker") { id: ID!  locale: String  notes: [Note!]!  room: Room }
    type House @key(fields: "id") @context(name: "speaker") { id: ID!  language: String!  notes: [Note!]! }
    union Place = Guest | House
    type Note @key(fields: "id") {
      id: ID!
      text(size: Int = 1, locale: String @fromContext(field: "$speaker ... on Guest { locale } ... on House { language }")): String!
    }
    type Room @key(fields: "id") { id: ID!  guestbook: Book }
    type Book @key(fields: "id") { id: ID!  title(locale: String @fromContext(field: "$speaker ... on Guest { locale } ... on House { language }")): String }`,
  resolvers: {
    Query: {
      guests: () => GUESTS,
      places: () => [GUESTS[1], { __typename: 'House', id: 'h', language: 'it', notes: [{ id: 'n9' }] }],
    },
    Guest: { __resolveReference: ({ id }: Note) => GUESTS.find((guest) => guest.id === id) },
    Note: {
      __resolveReference: (reference: unknown) => reference,
      text: ({ id }: Note, { locale, size }: { locale: string | null; size: number }) => {
        if (id === 'n2') throw new Error('no ink');
        return `${id} in ${locale} at ${size}`;
      },
    },
    Room: { __resolveReference: (reference: unknown) => reference, guestbook: ({ id }: Note) => ({ id: `book of ${id}` }) },
    Book: {
      __resolveReference: (reference: unknown) => reference,
      title: ({ id }: Note, { locale }: { locale: string }) => `${id} (${locale})`,
    },
  },
};

/** Leads to the same entities another way: what is found behind a room is shared between guests. */
const desk: SubgraphSource = {
  sdl: `${LINK}
    type Query { desk: Guest }
    type Guest @key(fields: "id") { id: ID!  friend: Guest  stays: [Stay!]! }
    type Stay { nights: Int!  guest: Guest }`,
  resolvers: {
    Query: { desk: () => ({ id: 'g1' }) },
    Guest: {
      __resolveReference: (reference: unknown) => reference,
      friend: ({ id }: Note) => ({ id: id === 'g2' ? 'g1' : 'g2' }),
      stays: ({ id }: Note) => [{ nights: 2, guest: { id } }],
    },
  },
};

test('an argument comes from the object that an entity was reached through, and equal ones are asked for together', async () => {
  await using graph = await startTestGateway({ hotel, desk });
  const { data, errors } = await graph.ask(
    'query ($size: Int) { places { ... on Guest { notes { text(size: $size) } } ... on House { notes { id text } } } }',
    {
      variables: { size: 3 },
    },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ places: [{ notes: [{ text: 'n1 in fr at 3' }] }, { notes: [{ id: 'n9', text: 'n9 in it at 1' }] }] });
});

test('the same entity in places with other contexts has the answer of each place, fetched once for each context', async () => {
  await using graph = await startTestGateway({ hotel, desk });
  const before = graph.fetches();
  const { data, errors } = await graph.ask('{ guests { id: locale locale: id room { guestbook { title } } } }');
  expect(errors).toEqual([]);
  const room = (locale: string) => ({ guestbook: { title: `book of r1 (${locale})` } });
  expect(data).toEqual({
    guests: [
      { id: 'de', locale: 'g1', room: room('de') },
      { id: 'fr', locale: 'g2', room: room('fr') },
      { id: 'de', locale: 'g3', room: null },
      { id: null, locale: 'g4', room: null },
    ],
  });
  expect(graph.fetches() - before).toBe(3);
});

test('entities that another subgraph leads to twice do not share what depends on their place', async () => {
  await using graph = await startTestGateway({ hotel, desk });
  const { data, errors } = await graph.ask(
    '{ desk { friend { locale notes { text } friend { stays { guest { notes { id } room { guestbook { title } } } } } } stays { guest { locale room { guestbook { title } } } } } }',
  );
  expect(errors.map(({ message }) => message)).toEqual([]);
  const book = (locale: string) => ({ guestbook: { title: `book of r1 (${locale})` } });
  expect(data).toEqual({
    desk: {
      friend: {
        locale: 'fr',
        notes: [{ text: 'n1 in fr at 1' }],
        friend: { stays: [{ guest: { notes: [{ id: 'n1' }, { id: 'n2' }], room: book('de') } }] },
      },
      stays: [{ guest: { locale: 'de', room: book('de') } }],
    },
  });
});

test('an error stands at every place of the entity that failed, and nowhere else', async () => {
  await using graph = await startTestGateway({ hotel, desk });
  const { data, errors } = await graph.ask('{ guests { notes { text } } }');
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['guests', 0, 'notes', 1, 'text'] }]);
});

test('no value in the context is sent as null, and a client variable of the same name changes nothing', async () => {
  await using graph = await startTestGateway({ hotel });
  const query =
    'query ($contextualArgument_1_0: Int) { guests { notes @skip(if: true) { id } room { guestbook { id } } } places { __typename ... on House { notes { text(size: $contextualArgument_1_0) } } } }';
  const { data, errors } = await graph.ask(query, { variables: { contextualArgument_1_0: 7 } });
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ places: [{}, { notes: [{ text: 'n9 in it at 7' }] }] });
});
