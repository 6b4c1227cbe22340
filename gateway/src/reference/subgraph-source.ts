import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import type { InternalSigner } from '@app/auth';
import type { CircuitBreakers } from '@app/circuit-breaker';
import { AppError, type ErrorCode } from '@app/errors';
import { type Dispatcher, request } from 'undici';
import type { FetchRecord } from '../schema/executor.ts';
import { subgraphCircuit } from '../schema/subgraph-circuit.ts';
import { type RequestOrigin, subgraphHeaders } from '../schema/subgraph-headers.ts';

/** One call to one subgraph. */
export interface SubgraphCall extends RequestOrigin {
  readonly body: string;
  readonly signal: AbortSignal;
  readonly onFetch: (record: FetchRecord) => void;
}

/** What calls to one subgraph need. */
export interface SubgraphSourceOptions {
  readonly name: string;
  readonly url: string;
  readonly dispatcher: Dispatcher;
  readonly breakers: CircuitBreakers;
  /** Absent: requests are not signed, as for subgraphs that are not ours. */
  readonly signer: InternalSigner | undefined;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** Sends one request and reads the answer, within the deadline and the size limit. Redirects are not followed. */
export async function callSubgraph(options: SubgraphSourceOptions, call: SubgraphCall): Promise<GatewayGraphQLResponse> {
  const startedAt = performance.now();
  let outcome = 'ok';
  try {
    return await options.breakers.execute(() => send(options, call), { ...subgraphCircuit(options.name), signal: call.signal });
  } catch (cause) {
    const code = codeOf(cause);
    outcome = code;
    throw new AppError(code, undefined, { cause, details: { subgraph: options.name } });
  } finally {
    call.onFetch({ subgraph: options.name, durationMs: performance.now() - startedAt, outcome });
  }
}

async function send(options: SubgraphSourceOptions, call: SubgraphCall): Promise<GatewayGraphQLResponse> {
  const { statusCode, headers, body } = await request(options.url, {
    method: 'POST',
    dispatcher: options.dispatcher,
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(options.timeoutMs)]),
    body: call.body,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...subgraphHeaders(options.signer, call, call.body),
    },
  });
  const text = await readLimited(body, options.maxAnswerBytes);
  if (!/^application\/(graphql-response\+)?json\b/.test(String(headers['content-type'])))
    throw new Error(`answered ${statusCode} with ${String(headers['content-type'])}`);
  const answer: unknown = JSON.parse(text);
  if (!isAnswer(answer)) throw new Error(`answered ${statusCode} with something that is no GraphQL response`);
  return answer;
}

async function readLimited(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isAnswer(value: unknown): value is GatewayGraphQLResponse {
  return typeof value === 'object' && value !== null && ('data' in value || ('errors' in value && Array.isArray(value.errors)));
}

function codeOf(cause: unknown): ErrorCode {
  return cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError') ? 'TIMEOUT' : 'DOWNSTREAM_UNAVAILABLE';
}
