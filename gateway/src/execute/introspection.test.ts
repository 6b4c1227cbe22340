import { executeSync, parse } from 'graphql';
import { expect, test } from 'vitest';
import { planBuilder } from '../plan/build-plan.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { compilePlan } from './compile-plan.ts';
import { executeToData } from './execute.ts';
import { composeForTest, shop } from './testing/supergraphs.ts';

const generation = loadSupergraph(composeForTest(shop));
const buildPlan = planBuilder(generation);

async function introspect(query: string, variables: Record<string, unknown>): Promise<unknown> {
  const document = parse(query);
  const compiled = compilePlan(buildPlan(document, undefined), { document, operationName: undefined }, generation);
  const fetcher = { fetch: () => Promise.reject(new Error('Nothing is to be fetched.')) };
  const { data } = await executeToData(compiled, { variables, fetcher, context: { identity: 'me' }, signal: undefined });
  return JSON.parse(data);
}

const both = [true, false].flatMap((a) => [true, false].map((b) => ({ a, b })));

test.each([
  ['one of two selections is left out', '__schema @include(if: $a) { queryType { name } } __schema { mutationType { name } }'],
  ['each depends on its own', '__schema @include(if: $a) { queryType { name } } __schema @skip(if: $b) { mutationType { name } }'],
  ['both directives at once', '__schema @include(if: $a) @skip(if: $b) { queryType { name } } __schema { mutationType { name } }'],
  [
    'three of them',
    '__type(name: "User") @skip(if: $a) { name } __type(name: "User") @include(if: $b) { kind } ... { __type(name: "User") { fields { name } } }',
  ],
  ['a fragment inside', '__schema @include(if: $a) { ...More } __schema { queryType { name } ...More @skip(if: $b) }'],
  ['all are left out', '__schema @include(if: $a) { queryType { name } } __schema @include(if: $b) { mutationType { name } }'],
])('selections of one introspection field count when their own conditions hold: %s', async (_name, selections) => {
  const query = `query ($a: Boolean!, $b: Boolean!) { ${selections} __typename } fragment More on __Schema { mutationType { name } }`;
  for (const variables of both) {
    const { data } = executeSync({ schema: generation.apiSchema, document: parse(query), variableValues: variables });
    expect(await introspect(query, variables)).toEqual(data);
  }
});
