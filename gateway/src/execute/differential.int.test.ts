import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Fetcher } from '../fetch/fetcher.ts';
import { planBuilder } from '../plan/build-plan.ts';
import { KEPT_TYPENAME } from '../plan/certain-selections.ts';
import type { PlannedFetch } from '../plan/divide-fetch.ts';
import { mapFetches } from '../plan/map-fetches.ts';
import { readPlan } from '../plan/plan-text.ts';
import { ResponseKeys } from '../plan/response-keys.ts';
import { UnanswerableError } from '../plan/unanswerable.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { compilePlan } from './compile-plan.ts';
import { execute } from './execute.ts';
import type { ResponseError } from './execution-types.ts';
import { type Answer, inventSubgraphs } from './testing/invented-subgraph.ts';
import type { Mishaps } from './testing/inventor.ts';
import { Random } from './testing/random.ts';
import { type RandomOperation, randomOperation } from './testing/random-operation.ts';
import { executeStock } from './testing/stock-executor.ts';
import { composeForTest, media, type Subgraphs, shop } from './testing/supergraphs.ts';

const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_251_120);
/** Operations per test; DIFFERENTIAL_RUNS multiplies it. Planning on the media graph is slow: interface objects have many ways. */
const FACTOR = Number(process.env['DIFFERENTIAL_RUNS'] ?? 1);

const MISHAPS: readonly Mishaps[] = [
  { nulls: 0, errors: 0 },
  { nulls: 0.15, errors: 0 },
  { nulls: 0.05, errors: 0.05 },
];

describe.each([
  ['shop', 400, shop],
  ['media', 40, media],
] as const)('on the %s supergraph', (_name, runs, subgraphs: Subgraphs) => {
  const generation = loadSupergraph(composeForTest(subgraphs));
  const buildPlan = planBuilder(generation);
  const keys = ResponseKeys.of(generation);

  test.each(MISHAPS)(
    `random operations get what the stock executor answers (seed ${SEED}, $nulls nulls, $errors errors)`,
    async (mishaps) => {
      const random = new Random(SEED + mishaps.nulls * 100);
      for (let i = 0; i < runs * FACTOR; i++) {
        const operation = randomOperation(generation.apiSchema, random);
        const document = parse(operation.query);
        if (validate(generation.apiSchema, document).length > 0) continue;
        await compare(operation, inventSubgraphs(subgraphs, `${SEED}-${i}`, mishaps));
      }
    },
    300_000,
  );

  async function compare({ query, variables }: RandomOperation, answers: ReadonlyMap<string, Answer>): Promise<void> {
    const document = parse(query);
    const plan = planOrNothing(document);
    if (plan === undefined) return;
    const { planned } = keys.forDocument(document);
    const stock = await executeStock({ plan, document: planned, variables }, generation, answers);
    const compiled = compilePlan(readPlan(JSON.stringify(plan)).plan, { document, operationName: undefined }, generation);
    const ours = await execute(compiled, { variables, context: { identity: 'test' }, fetcher: inProcess(answers) });
    const about = `${query}\n${JSON.stringify(variables)}\n${JSON.stringify(ours.errors)}`;
    // Where several fields of one object cannot be written, either may be named: what counts is the object.
    const unwritable = (stock.extensions?.valueCompletion ?? []).map(({ path }) => ({ path: path?.slice(0, -1) }));
    const stockErrors = (stock.errors ?? unwritable).map(({ path }) => ({ path: path && keys.clientPathOf(path) }));
    expect(differences(ours.data, withClientNames(keys, stock.data ?? null)), about).toEqual([]);
    const ownErrors = (ours.errors ?? []).filter((error) => stockErrors.length > 0 || !isNullInNonNull(error));
    const comparable = stock.errors ? ownErrors : ownErrors.map(({ path }) => ({ path: path?.slice(0, -1) }));
    expect(shapes(comparable), about).toEqual(shapes(stockErrors));
    expect(
      (ours.errors ?? []).filter((error) => error.path !== undefined && !leadsToNull(ours.data, error.path)),
      about,
    ).toEqual([]);
  }

  /** Some valid operations are beyond the planner, whoever executes. */
  function planOrNothing(document: DocumentNode): QueryPlan | undefined {
    try {
      return mapFetches(buildPlan(document, undefined), withoutFallbacks);
    } catch (error) {
      if (error instanceof UnanswerableError) throw new Error(document.loc?.source.body, { cause: error });
      return undefined;
    }
  }
});

/** The stock executor has none: where one thing that is required is missing it asks for nothing. */
function withoutFallbacks({ fallbacks, ...fetch }: PlannedFetch): readonly PlannedFetch[] {
  return [fetch];
}

/** The stock executor answers under the keys that stand in the plan. */
function withClientNames(keys: ResponseKeys, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withClientNames(keys, item));
  if (typeof value !== 'object' || value === null) return value;
  const asked = Object.entries(value).filter(([key]) => key !== KEPT_TYPENAME.alias?.value);
  return Object.fromEntries(asked.map(([key, item]) => [keys.clientPathOf([key])?.[0] ?? key, withClientNames(keys, item)]));
}

function inProcess(answers: ReadonlyMap<string, Answer>): Fetcher {
  return {
    fetch: async ({ operation, body }) => {
      const { variables } = JSON.parse(body);
      return (await answers.get(operation.subgraph)?.(operation.query, variables)) ?? {};
    },
  };
}

/** Up to five places where two values differ: a whole answer is too long to read. */
function differences(ours: unknown, stock: unknown, place = 'data'): string[] {
  if (typeof ours !== 'object' || typeof stock !== 'object' || ours === null || stock === null) {
    return Object.is(ours, stock) ? [] : [`${place}: ours ${JSON.stringify(ours)}, stock ${JSON.stringify(stock)}`];
  }
  const [left, right] = [new Map(Object.entries(ours)), new Map(Object.entries(stock))];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].flatMap((key) => differences(left.get(key), right.get(key), `${place}.${key}`)).slice(0, 5);
}

/** The stock executor answers null for an interface object of no known type, and is silent when that moves up through non-null types. */
function isNullInNonNull(error: ResponseError): boolean {
  return error.message.startsWith('Cannot return null');
}

type WithPath = { readonly path?: readonly (string | number)[] | undefined };

/** Paths without list positions: with representations left out of a batch, the stock executor counts wrong. */
function shapes(errors: readonly WithPath[]): string[] {
  const shape = (path: readonly (string | number)[]) =>
    path
      .map((element) => (typeof element === 'number' ? '#' : element))
      .join('.')
      .replace(/\.@.*/, '');
  return [...new Set(errors.map((error) => shape(error.path ?? ['no path'])))].sort();
}

/** Our own positions are right when each leads to the null that the error explains, to one above it, or to a list that lacks something. */
function leadsToNull(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const element of path) {
    if (value === null || value === undefined) return true;
    if (typeof value !== 'object') return false;
    value = new Map(Object.entries(value)).get(String(element));
  }
  return value === null || value === undefined || Array.isArray(value);
}
