import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationState, RequestState } from '../operation/request-state.ts';
import type { ExecutorResult } from '../schema/executor.ts';
import type { Generation } from '../schema/generation.ts';
import { finishResult, noteOperation } from './finish-result.ts';
import { readPlainRequest } from './plain-request.ts';
import { toGraphQLError } from './public-error.ts';
import { writeResult } from './stringify-result.ts';

/** An answer to be sent. */
export interface CompleteAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** Options of {@link createShortcut}. */
export interface ShortcutOptions {
  readonly generation: () => Generation;
  readonly run: (state: OperationState) => Promise<void>;
  readonly execute: (state: OperationState) => Promise<ExecutorResult>;
  readonly publicError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
  readonly showsExtensions: boolean;
}

/** The way around Apollo Server for requests that it has nothing new to say about. */
export interface Shortcut {
  /** Undefined: the request has to go the long way. */
  answer(body: unknown, accept: string | undefined, request: RequestState): Promise<CompleteAnswer | undefined>;
  /** Remembers which type Apollo Server answered with to this `accept` header. */
  learn(accept: string | undefined, contentType: string | undefined): void;
}

/** `accept` headers are chosen by clients. */
const MAX_ACCEPTS = 200;

/**
 * Apollo Server reads, parses and negotiates each document and each `accept` header once. What it found depends on nothing else, so later
 * requests with the same two go straight into the pipeline, to the same answer. Batches, `GET`, registrations of persisted queries and
 * everything malformed go through Apollo Server each time.
 */
export function createShortcut(options: ShortcutOptions): Shortcut {
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTS });

  return {
    answer: async (body, accept, request) => {
      const contentType = contentTypes.get(accept ?? '');
      if (contentType === undefined) return undefined;
      const asked = readPlainRequest(body);
      if (asked === undefined) return undefined;
      const generation = options.generation();
      const known = generation.documents.find(asked);
      if (known === undefined) return undefined;
      const { operationName, variables } = asked;
      const state: OperationState = { ...known, request, generation, operationName, variables };
      const outcome = await outcomeOf(state, options);
      const { result, status } = resultOf(outcome, request, options);
      return { status, contentType, body: writeResult(result) };
    },
    learn: (accept, contentType) => {
      if (contentType !== undefined) contentTypes.set(accept ?? '', contentType);
    },
  };
}

interface Result {
  errors: readonly GraphQLFormattedError[] | undefined;
  data: ExecutorResult['data'];
  extensions: Record<string, unknown> | undefined;
}

function resultOf({ data, errors, extensions }: Outcome, request: RequestState, options: ShortcutOptions) {
  const result: Result = { errors: errors?.map((error) => options.publicError(formatted(error), error)), data, extensions };
  finishResult(result, request, options.showsExtensions);
  return { result, status: statusOf(errors) ?? (data === undefined ? 500 : 200) };
}

interface Outcome extends Pick<ExecutorResult, 'data'> {
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

async function outcomeOf(state: OperationState, { run, execute }: ShortcutOptions): Promise<Outcome> {
  try {
    await run(state);
  } catch (error) {
    return { errors: [toGraphQLError(error)] };
  } finally {
    noteOperation(state.request);
  }
  try {
    return await execute(state);
  } catch (error) {
    return { errors: [toGraphQLError(error)] };
  }
}

/** As Apollo Server hands errors to `formatError`: without what is meant for HTTP. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

/** The status that the last error asks for. */
function statusOf(errors: readonly GraphQLError[] | undefined): number | undefined {
  const http = errors?.findLast((error) => error.extensions['http'] !== undefined)?.extensions['http'];
  return typeof http === 'object' && http !== null && 'status' in http && typeof http.status === 'number' ? http.status : undefined;
}
