import { parse } from 'graphql';
import { expect, test, vi } from 'vitest';
import type { Fetcher } from '../fetch/fetcher.ts';
import { planBuilder } from '../plan/build-plan.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { compilePlan } from './compile-plan.ts';
import { executeIncrementally } from './incremental.ts';
import { composeForTest } from './testing/supergraphs.ts';

const FILMS = 1_000;

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
  const { deliveries } = await executeIncrementally(compiled, { variables: {}, context: { identity: 'me' }, fetcher });
  const parts = (await Array.fromAsync(deliveries)).flatMap((delivery) => delivery.parts);
  expect(parts).toHaveLength(FILMS);
  for (const { path, errors } of parts) expect(errors).toMatchObject([{ path: [...path, 'stars'] }]);
  expect(looks.mock.calls.length).toBeLessThanOrEqual(FILMS);
});
