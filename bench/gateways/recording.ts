import { CircuitBreakers } from '@app/circuit-breaker';
import { parse } from 'graphql';
import { compilePlan } from '../../gateway/src/execute/compile-plan.ts';
import { execute } from '../../gateway/src/execute/execute.ts';
import { createHttpFetcher } from '../../gateway/src/fetch/http-fetcher.ts';
import { planBuilder } from '../../gateway/src/plan/build-plan.ts';
import { loadSupergraph } from '../../gateway/src/supergraph/supergraph-generation.ts';
import { composeSupergraph } from '../supergraph.ts';

/** What one execution of ours sent, in waves as the calls depended on each other, and what came of it. */
export interface Recording {
  readonly waves: readonly (readonly { readonly url: string; readonly body: string }[])[];
  readonly answer: unknown;
}

/** Records each query once. */
export function recorder(firstPort: number): (query: string) => Promise<Recording> {
  const generation = loadSupergraph(composeSupergraph(firstPort));
  const buildPlan = planBuilder(generation);
  const fetcher = createHttpFetcher({
    subgraphs: generation.subgraphs,
    connectTimeoutMs: 1_000,
    deadlineMs: 5_000,
    maxAnswerBytes: 100_000_000,
    connections: 64,
    shareInFlight: false,
    needsMoment: false,
    mutations: { answered: 0 },
    breakers: new CircuitBreakers(),
    hedgeAfterMs: 0,
    headersFor: () => ({}),
  });

  const record = async (query: string): Promise<Recording> => {
    const document = parse(query);
    const compiled = compilePlan(buildPlan(document, undefined), { document, operationName: undefined }, generation);
    const waves: { url: string; body: string }[][] = [];
    let underWay = 0;
    const listening: typeof fetcher = {
      ...fetcher,
      fetch: async (request) => {
        if (underWay === 0) waves.push([]);
        underWay++;
        waves.at(-1)?.push({ url: generation.subgraphs.get(request.operation.subgraph)?.url ?? '', body: request.body });
        try {
          return await fetcher.fetch(request);
        } finally {
          underWay--;
        }
      },
    };
    const answer = await execute(compiled, { variables: {}, fetcher: listening, context: { identity: '' } });
    return { waves, answer };
  };

  const recordings = new Map<string, Promise<Recording>>();
  return (query) => {
    const known = recordings.get(query) ?? record(query);
    recordings.set(query, known);
    return known;
  };
}
