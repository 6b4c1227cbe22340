import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { FetchContext, Fetcher } from '../fetch/fetcher.ts';
import { planBuilder } from '../plan/build-plan.ts';
import { readPlan } from '../plan/plan-text.ts';
import { UnanswerableError } from '../plan/unanswerable.ts';
import type { Delivery } from '../schema/deferred-answer.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { type CompiledPlan, compilePlan } from './compile-plan.ts';
import { execute } from './execute.ts';
import type { ExecutionOptions, ResponseError } from './execution-types.ts';
import { executeIncrementally } from './incremental.ts';
import { type JsonObject, setOwn } from './json-object.ts';
import { mergeInto } from './merge.ts';
import { type Answer, inventSubgraphs } from './testing/invented-subgraph.ts';
import { inventWhole } from './testing/invented-whole.ts';
import { Random } from './testing/random.ts';
import { randomOperation } from './testing/random-operation.ts';
import { composeForTest, media, type Subgraphs, shop } from './testing/supergraphs.ts';

const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_251_121);
const FACTOR = Number(process.env['DIFFERENTIAL_RUNS'] ?? 1);

describe.each([
  ['shop', 'in one piece', 0, 600, shop],
  ['shop', 'in parts', 0.4, 200, shop],
  ['media', 'in one piece', 0, 24, media],
  ['media', 'in parts', 0.4, 16, media],
] as const)('random operations on the %s supergraph, answered %s', (_name, _form, defers, runs, subgraphs: Subgraphs) => {
  test(`get what one server with all the data would answer (seed ${SEED})`, async () => {
    const generation = loadSupergraph(composeForTest(subgraphs));
    const buildPlan = planBuilder(generation);
    const planOf = (document: DocumentNode): QueryPlan | undefined => {
      try {
        return buildPlan(document, undefined);
      } catch (error) {
        // The planner itself fails on some operations with interface objects, and says so.
        if (subgraphs === shop || error instanceof UnanswerableError) throw error;
        return undefined;
      }
    };
    const random = new Random(SEED);
    let compared = 0;
    let parts = 0;
    for (let i = 0; i < runs * FACTOR; i++) {
      const { query, variables } = randomOperation(generation.apiSchema, random, { defers });
      const document = parse(query);
      if (validate(generation.apiSchema, document).length > 0) continue;
      const truth = await inventWhole(subgraphs, generation.fullSchema, `${SEED}-${i}`)(query, variables);
      // A value of an enum that clients may not see is the one thing that a gateway must not answer as the whole would.
      if (JSON.stringify(truth).includes('SECRET')) continue;
      const plan = planOf(document);
      if (plan === undefined) continue;
      const compiled = compilePlan(readPlan(JSON.stringify(plan)).plan, { document, operationName: undefined }, generation);
      const fetcher = inProcess(inventSubgraphs(subgraphs, `${SEED}-${i}`, { nulls: 0, errors: 0 }, false));
      const options = { variables, context: { identity: 'test' }, fetcher };
      const ours = compiled.deferred === undefined ? await execute(compiled, options) : await inParts(compiled, options);
      expect(ours, `${query}\n${JSON.stringify(variables)}`).toEqual(truth);
      compared++;
      if (compiled.deferred !== undefined) parts++;
    }
    expect(compared).toBeGreaterThan((runs * FACTOR) / 8);
    if (defers > 0) expect(parts).toBeGreaterThan((runs * FACTOR) / 20);
  }, 120_000);
});

function inProcess(answers: ReadonlyMap<string, Answer>): Fetcher {
  return {
    fetch: async ({ operation, body }) => (await answers.get(operation.subgraph)?.(operation.query, JSON.parse(body).variables)) ?? {},
  };
}

/** The answer as a client puts it together. */
async function inParts(compiled: CompiledPlan, options: ExecutionOptions<FetchContext>): Promise<{ data: JsonObject }> {
  const { data, errors, pending, deliveries } = await executeIncrementally(compiled, options);
  expect(errors).toEqual([]);
  const whole: { data: JsonObject } = { data: JSON.parse(data) };
  const open = new Set(pending.map(({ id }) => id));
  let hasNext = pending.length > 0;
  for await (const delivery of deliveries) {
    expect(hasNext).toBe(true);
    hasNext = delivery.hasNext;
    take(delivery, { whole, open });
  }
  expect([hasNext, ...open]).toEqual([false]);
  return whole;
}

function take({ parts, pending }: Delivery<ResponseError>, { whole, open }: { whole: { data: JsonObject }; open: Set<string> }): void {
  for (const { id, path, data, errors } of parts) {
    expect(errors).toEqual([]);
    expect(open.delete(id), `${id} was announced`).toBe(true);
    const place: unknown = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], whole.data);
    // Response keys of the random operations may be `__proto__` or `constructor`: the executor's own merge knows about that.
    const part: JsonObject = {};
    for (const [key, value] of Object.entries(JSON.parse(data) as JsonObject)) setOwn(part, key, value);
    mergeInto(place as JsonObject, part);
  }
  for (const { id } of pending) open.add(id);
}
