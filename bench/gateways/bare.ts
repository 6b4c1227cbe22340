import { parse } from 'graphql';
import { Agent, request as send } from 'undici';
import { compilePlan } from '../../gateway/src/execute/compile-plan.ts';
import { execute } from '../../gateway/src/execute/execute.ts';
import { createHttpFetcher } from '../../gateway/src/fetch/http-fetcher.ts';
import { planBuilder } from '../../gateway/src/plan/build-plan.ts';
import { loadSupergraph } from '../../gateway/src/supergraph/supergraph-generation.ts';
import { composeSupergraph } from '../supergraph.ts';
import { serveJson } from './serve-json.ts';

/**
 * The limit to approach: a Node server that sends the bodies which one execution of ours sent, in waves as they depended on each other, parses
 * the answers and serializes an answer of the right size. It knows nothing of GraphQL.
 */
const [port, firstPort] = process.argv.slice(2);
const generation = loadSupergraph(composeSupergraph(Number(firstPort)));
const buildPlan = planBuilder(generation);
const dispatcher = new Agent({ connections: 64 });

interface Recorded {
  readonly waves: { url: string; body: string }[][];
  readonly answer: unknown;
}

const recordings = new Map<string, Promise<Recorded>>();

async function record(query: string): Promise<Recorded> {
  const document = parse(query);
  const compiled = compilePlan(buildPlan(document, undefined), { document, operationName: undefined }, generation);
  const options = {
    connectTimeoutMs: 1_000,
    deadlineMs: 5_000,
    maxAnswerBytes: 10_000_000,
    connections: 64,
    shareInFlight: false,
    headersFor: () => ({}),
  };
  const fetcher = createHttpFetcher({ ...options, subgraphs: generation.subgraphs });
  const waves: Recorded['waves'] = [];
  let underWay = 0;
  const recording: typeof fetcher = {
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
  const answer = await execute(compiled, { variables: {}, fetcher: recording, context: { identity: '' } });
  console.log(`fetches: ${waves.map((wave) => wave.length).join('+')}`);
  return { waves, answer };
}

serveJson(Number(port), async (body) => {
  const { query } = JSON.parse(body);
  const known = recordings.get(query) ?? record(query);
  recordings.set(query, known);
  const { waves, answer } = await known;
  for (const wave of waves) {
    await Promise.all(
      wave.map(async ({ url, body }) => {
        const response = await send(url, { dispatcher, method: 'POST', headers: { 'content-type': 'application/json' }, body });
        return JSON.parse(await response.body.text());
      }),
    );
  }
  return JSON.stringify(answer);
});
