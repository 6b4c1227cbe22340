import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { planBuilder } from '../plan/build-plan.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { compilePlan } from './compile-plan.ts';
import { execute } from './execute.ts';
import { inventSubgraphs } from './testing/invented-subgraph.ts';
import { inventWhole } from './testing/invented-whole.ts';
import { Random } from './testing/random.ts';
import { randomOperation } from './testing/random-operation.ts';
import { composeForTest, shop } from './testing/supergraphs.ts';

const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_251_121);
const RUNS = 600 * Number(process.env['DIFFERENTIAL_RUNS'] ?? 1);

test(`random operations get what one server with all the data would answer (seed ${SEED})`, async () => {
  const generation = loadSupergraph(composeForTest(shop));
  const buildPlan = planBuilder(generation);
  const random = new Random(SEED);
  let compared = 0;
  for (let i = 0; i < RUNS; i++) {
    const { query, variables } = randomOperation(generation.apiSchema, random);
    const document = parse(query);
    if (validate(generation.apiSchema, document).length > 0) continue;
    const answers = inventSubgraphs(shop, `${SEED}-${i}`, { nulls: 0, errors: 0 });
    const truth = await inventWhole(shop, generation.fullSchema, `${SEED}-${i}`)(query, variables);
    const compiled = compilePlan(buildPlan(document, undefined), { document, operationName: undefined }, generation);
    const ours = await execute(compiled, {
      variables,
      context: { identity: 'test' },
      fetcher: {
        fetch: async ({ operation, body }) => (await answers.get(operation.subgraph)?.(operation.query, JSON.parse(body).variables)) ?? {},
      },
    });
    // A value of an enum that clients may not see is the one thing that a gateway must not answer as the whole would.
    if (JSON.stringify(truth).includes('SECRET')) continue;
    expect(ours, `${query}\n${JSON.stringify(variables)}`).toEqual(truth);
    compared++;
  }
  expect(compared).toBeGreaterThan(RUNS / 4);
}, 120_000);
