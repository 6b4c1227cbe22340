import { UNTOLD_HEADER } from '@app/cache';
import type { Attempt, CallConfig, Circuit, CircuitBreakers } from '@app/circuit-breaker';
import { hasProtocol } from '@app/config';
import { AppError } from '@app/errors';
import { Pool } from 'undici';
import { readCacheControl } from '../cache/cache-policy.ts';
import { subgraphCircuit } from '../schema/subgraph-circuit.ts';
import type { SubgraphMetadata } from '../supergraph/supergraph-generation.ts';
import { AnswerTooLargeError, type ExchangeAnswer, ExchangeTimeoutError, exchange } from './exchange.ts';
import {
  entitiesIn,
  type FetchContext,
  type Fetcher,
  type FetchProbe,
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphResponse,
} from './fetcher.ts';
import { answerText, parseAnswer, UnreadableAnswerError } from './read-answer.ts';
import { SharedCalls } from './shared-calls.ts';

/** How subgraphs are reached. All times in milliseconds. */
export interface HttpFetcherOptions<Context extends FetchContext> {
  /** By name; a change of subgraphs is a new fetcher. */
  readonly subgraphs: ReadonlyMap<string, SubgraphMetadata>;
  readonly connectTimeoutMs: number;
  /** From sending to the last byte of the answer. */
  readonly deadlineMs: number;
  readonly maxAnswerBytes: number;
  /** Connections kept to each subgraph. */
  readonly connections: number;
  readonly breakers: CircuitBreakers;
  /** When a fetch of entities that has not been answered is sent a second time; 0 for never. */
  readonly hedgeAfterMs: number;
  /** Whether identical queries of one identity that are under way at the same time are sent once. */
  readonly shareInFlight: boolean;
  /** Other processes write, and are known of: a query joins only those that knew as much (`FetchContext.asOf`), and nobody when it knows nothing. */
  readonly needsMoment: boolean;
  /** Counted by this fetcher and by those of other versions of the supergraph. */
  readonly mutations: MutationCount;
  /** Headers for one request: the token, the signature of exactly `request.body`, trace and request ids. */
  readonly headersFor: (request: SubgraphRequest<Context>) => Record<string, string>;
  readonly onFetch?: (event: FetchEvent<Context>) => void;
}

/** How many mutations were answered so far, or given up. */
export interface MutationCount {
  answered: number;
}

/** What became of one request, for metrics and logs. */
export interface FetchEvent<Context extends FetchContext> {
  readonly request: SubgraphRequest<Context>;
  readonly durationMs: number;
  /** Why there was no answer. */
  readonly failure: unknown;
}

/** A fetcher that holds connections. */
export interface HttpFetcher<Context extends FetchContext> extends Fetcher<Context> {
  /** Ends the connections once nothing is under way on them; safe to call twice. */
  close(): Promise<void>;
}

/** An answer before it is read: those that share it read it each. */
interface ReceivedText {
  readonly text: string;
  readonly headers: ExchangeAnswer['headers'];
}

interface Endpoint {
  readonly pool: Pool;
  readonly circuit: Circuit;
  readonly path: string;
}

/** Makes a fetcher that posts GraphQL over HTTP, HTTP/2 where the subgraph offers it. */
export function createHttpFetcher<Context extends FetchContext>(options: HttpFetcherOptions<Context>): HttpFetcher<Context> {
  const endpoints = new Map([...options.subgraphs.values()].map(({ name, url }) => [name, connect({ name, url }, options)]));
  const calls = options.shareInFlight ? new SharedCalls<ReceivedText>() : undefined;
  const { mutations } = options;
  let closing: Promise<unknown> | undefined;

  async function send(request: SubgraphRequest<Context>, signal: AbortSignal | undefined): Promise<ReceivedText> {
    const startedAt = performance.now();
    let failure: unknown;
    if (request.context.probe !== undefined) request.context.probe.isSent = true;
    try {
      const endpoint = endpoints.get(request.operation.subgraph);
      if (endpoint === undefined) throw new Error('The supergraph has no such subgraph.');
      const { deadlineMs, maxAnswerBytes: maxBytes } = options;
      const headers = { 'content-type': 'application/json', accept: ACCEPT, ...options.headersFor(request) };
      const ask = async (attempt: Attempt) => {
        const { path, pool } = endpoint;
        const answer = await exchange(pool, { path, headers, body: request.body, deadlineMs, maxBytes, signal: attempt.signal });
        const text = answerText(answer, maxBytes);
        return { text: typeof text === 'string' ? text : await text, headers: answer.headers };
      };
      return await endpoint.circuit.execute(ask, callOf(request, options.hedgeAfterMs, signal));
    } catch (cause) {
      failure = cause;
      throw cause;
    } finally {
      options.onFetch?.({ request, durationMs: performance.now() - startedAt, failure });
    }
  }

  function receive(request: SubgraphRequest<Context>): Promise<ReceivedText> {
    const { kind, subgraph } = request.operation;
    if (kind === 'mutation')
      return send(request, request.signal).finally(() => {
        mutations.answered += 1;
      });
    if (calls === undefined || kind !== 'query') return send(request, request.signal);
    const { identity, asOf = '' } = request.context;
    // Who asks after a write must not get an answer that was under way before it, whatever subgraph was told to write: it may have told others.
    // Counting is enough where all writes pass through here: one that was answered was counted before.
    if (options.needsMoment && asOf === '') return send(request, request.signal);
    const key = `${subgraph} ${mutations.answered} ${asOf} ${identity}\n${request.body}`;
    return calls.run(key, request.signal, (signal) => send(request, signal));
  }

  return {
    fetch: async (request): Promise<SubgraphResponse> => {
      if (request.context.probe !== undefined) request.context.probe.isReached = true;
      try {
        const { text, headers } = await receive(request);
        const answer = parseAnswer(text);
        if (request.context.probe !== undefined) probed(request.context.probe, request, { text, answer });
        request.context.onAnswer?.(answerOf(request, headers));
        return answer;
      } catch (cause) {
        throw new AppError(cause instanceof ExchangeTimeoutError ? 'TIMEOUT' : 'DOWNSTREAM_UNAVAILABLE', undefined, { cause });
      }
    },
    close: async () => {
      closing ??= Promise.all([...endpoints.values()].map(({ pool }) => pool.close()));
      await closing;
    },
  };
}

function probed(probe: FetchProbe, request: SubgraphRequest, { text, answer }: { text: string; answer: SubgraphResponse }): void {
  probe.size += text.length;
  probe.askedEntities += entitiesIn(request);
  const { extensions } = answer;
  const trace = typeof extensions === 'object' && extensions !== null && 'ftv1' in extensions ? extensions.ftv1 : undefined;
  if (typeof trace === 'string') probe.trace = trace;
}

/** What a call asks of its subgraph's circuit: entities may be asked for twice. */
function callOf(
  { operation, entities }: SubgraphRequest<FetchContext>,
  hedgeAfterMs: number,
  signal: AbortSignal | undefined,
): CallConfig<ReceivedText> {
  const isHedged = hedgeAfterMs > 0 && operation.kind === 'query' && entities.length > 0;
  return { isFailure, signal, hedge: isHedged ? { afterMs: hedgeAfterMs } : undefined };
}

/** A long answer says nothing about the subgraph's health, neither does one that refuses this request: anybody could provoke them. */
function isFailure(error: unknown): boolean {
  const isRefusal = error instanceof UnreadableAnswerError && error.status !== undefined && refusesRequest(error.status);
  return !isRefusal && !(error instanceof AnswerTooLargeError);
}

/** It is the client's error, but for those that tell of a subgraph that is too slow or has too much to do (408, 429). */
function refusesRequest(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function answerOf({ operation: { subgraph } }: SubgraphRequest, headers: ExchangeAnswer['headers']): SubgraphAnswer {
  const policy = readCacheControl(headers['cache-control'], headers['age']);
  return UNTOLD_HEADER in headers ? { subgraph, policy, isUntold: true } : { subgraph, policy };
}

const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

function connect<Context extends FetchContext>({ name, url }: SubgraphMetadata, options: HttpFetcherOptions<Context>): Endpoint {
  if (!hasProtocol(url, ['http', 'https']))
    throw new Error(`The address of subgraph ${name} is "${url}", which is no URL with http or https.`);
  const { origin, pathname, search } = new URL(url);
  // Deadlines are kept by the exchange, to the millisecond; undici's own timers would only add work.
  const pool = new Pool(origin, {
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs },
    allowH2: true,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  });
  return { pool, path: pathname + search, circuit: options.breakers.circuit(subgraphCircuit(name)) };
}
