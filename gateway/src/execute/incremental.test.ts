import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse } from 'graphql';
import { expect, test, vi } from 'vitest';
import type { Fetcher } from '../fetch/fetcher.ts';
import { planBuilder } from '../plan/build-plan.ts';
import type { DeliveredPart } from '../schema/deferred-answer.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { compilePlan } from './compile-plan.ts';
import type { ResponseError } from './execution-types.ts';
import { executeIncrementally, type IncrementalOutcome } from './incremental.ts';
import { composeForTest } from './testing/supergraphs.ts';

const FILMS = 1_000;

async function partsOf({ deliveries }: Pick<IncrementalOutcome, 'deliveries'>) {
  const parts: DeliveredPart<ResponseError>[] = [];
  for await (const delivery of deliveries) parts.push(...delivery.parts);
  return parts;
}

/** A cinema without any stars. */
const fetcher: Fetcher = {
  fetch: async ({ operation, entities: [batch] }) => {
    const each = <T>(make: (n: number) => T) => Array.from({ length: FILMS }, (_, n) => make(n));
    if (batch === undefined) return { data: { films: each((id) => ({ __typename: 'Film', id })) } };
    expect(operation.subgraph).toBe('reviews');
    return {
      data: { _entities: each(() => ({ stars: null })) },
      errors: each((n) => ({ message: 'none', path: ['_entities', n, 'stars'] })),
    };
  },
};

test('errors of many deferred parts cost no more than their number', async () => {
  const generation = loadSupergraph(
    composeForTest({
      films: 'type Query { films: [Film!]! } type Film @key(fields: "id") { id: ID! }',
      reviews: 'type Film @key(fields: "id") { id: ID!  stars: Int }',
    }),
  );
  const document = parse('{ films { ... @defer { stars } } }');
  const compiled = compilePlan(planBuilder(generation)(document, undefined), { document, operationName: undefined }, generation);
  const looks = vi.spyOn(compiled.keys, 'clientPathOf');
  const outcome = await executeIncrementally(compiled, { variables: {}, context: { identity: 'me' }, fetcher });
  const parts = await partsOf(outcome);
  expect(parts).toHaveLength(FILMS);
  for (const { path, errors } of parts) expect(errors).toMatchObject([{ path: [...path, 'stars'] }]);
  expect(looks.mock.calls.length).toBeLessThanOrEqual(FILMS);
});

test('a fragment that two root fields of a mutation spread is delivered for both', async () => {
  const film = 'type Film @key(fields: "id") { id: ID! ';
  const generation = loadSupergraph(
    composeForTest({
      one: `type Query { none: Int } type Mutation { first: Film } ${film} }`,
      two: `type Mutation { second: Film } ${film} }`,
      reviews: `${film} stars: Int!  reviews: [Review!] } type Review @key(fields: "id") { id: ID! }`,
      texts: 'type Review @key(fields: "id") { id: ID!  text: String! }',
    }),
  );
  const isSecondAnswered = Promise.withResolvers<void>();
  const slowly: Fetcher = {
    fetch: async ({ operation, entities: [batch] }) => {
      if (batch === undefined)
        return { data: { [operation.subgraph === 'one' ? 'first' : 'second']: { __typename: 'Film', id: operation.subgraph } } };
      const [{ id } = { id: '' }] = batch.representations.map((text) => JSON.parse(text) as { id: string });
      if (id.endsWith('two')) isSecondAnswered.resolve();
      else {
        await isSecondAnswered.promise;
        for (let turn = 0; turn < 20; turn++) await nextTurn();
      }
      const entity =
        operation.subgraph === 'texts' ? { text: id } : { stars: id.length, reviews: [{ __typename: 'Review', id: `review of ${id}` }] };
      return { data: { _entities: [entity] } };
    },
  };
  const document = parse(`mutation { first { ...F } second { ...F } }
    fragment F on Film { id ... @defer { stars ... @defer { reviews { text } } } }`);
  const compiled = compilePlan(planBuilder(generation)(document, undefined), { document, operationName: undefined }, generation);
  const outcome = await executeIncrementally(compiled, { variables: {}, context: { identity: 'me' }, fetcher: slowly });
  const parts = await partsOf(outcome);
  expect(parts.map(({ path, data, errors }) => [path, JSON.parse(data), errors])).toEqual([
    [['first'], { stars: 3 }, []],
    [['second'], { stars: 3 }, []],
    [['first'], { reviews: [{ text: 'review of one' }] }, []],
    [['second'], { reviews: [{ text: 'review of two' }] }, []],
  ]);
});

test('what is deferred on a condition is asked for as soon as what it needs is there', async () => {
  const generation = loadSupergraph(
    composeForTest({
      films: 'type Query { film: Film } type Film @key(fields: "id") { id: ID! }',
      news: 'type Query { news: String }',
      reviews: 'type Film @key(fields: "id") { id: ID!  stars: Int }',
    }),
  );
  const seen: string[] = [];
  const order: Fetcher = {
    fetch: async ({ operation }) => {
      seen.push(operation.subgraph);
      if (operation.subgraph === 'films') return { data: { film: { __typename: 'Film', id: '1' } } };
      if (operation.subgraph === 'reviews') return { data: { _entities: [{ stars: 5 }] } };
      for (let turn = 0; turn < 20; turn++) await nextTurn();
      seen.push('late news');
      return { data: { news: 'late' } };
    },
  };
  const document = parse(
    'query ($later: Boolean!, $never: Boolean!) { news film { id ... @defer(if: $later) { stars } ... @defer(if: $never) { id } } }',
  );
  const compiled = compilePlan(planBuilder(generation)(document, undefined), { document, operationName: undefined }, generation);
  const options = { variables: { later: true, never: false }, context: { identity: 'me' }, fetcher: order };
  const outcome = await executeIncrementally(compiled, options);
  await partsOf(outcome);
  expect(seen.indexOf('reviews')).toBeLessThan(seen.indexOf('late news'));
});
