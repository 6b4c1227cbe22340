import { parse } from 'graphql';
import { compilePlan } from '../../gateway/src/execute/compile-plan.ts';
import { executeToJson } from '../../gateway/src/execute/execute.ts';
import { createHttpFetcher } from '../../gateway/src/fetch/http-fetcher.ts';
import { createPlanner } from '../../gateway/src/plan/planner.ts';
import { loadSupergraph } from '../../gateway/src/supergraph/supergraph-generation.ts';
import { composeSupergraph } from '../supergraph.ts';
import { serveJson } from './serve-json.ts';

/** Planner, compiled executor and fetcher of this project behind the least HTTP that works. */
const [port, firstPort, sharing] = process.argv.slice(2);
const generation = loadSupergraph(composeSupergraph(Number(firstPort)));
const planner = createPlanner(generation, {
  deadlineMs: 10_000,
  cacheBytes: 50_000_000,
  compile: (plan, request) => compilePlan(plan, request, generation),
});
const fetcher = createHttpFetcher({
  subgraphs: generation.subgraphs,
  connectTimeoutMs: 1_000,
  deadlineMs: 5_000,
  maxAnswerBytes: 10_000_000,
  connections: 64,
  shareInFlight: sharing === 'sharing',
  headersFor: () => ({}),
});

serveJson(Number(port), async (body) => {
  const { query, variables = {} } = JSON.parse(body);
  const compiled = await planner.plan({ operationKey: query, document: parse(query), operationName: undefined });
  const { json } = await executeToJson(compiled, { variables, fetcher, context: { identity: '' } });
  return json;
});
