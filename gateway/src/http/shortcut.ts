import { hash } from 'node:crypto';
import { type GraphQLError, type GraphQLFormattedError, getOperationAST, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { KnownDocument } from '../operation/checked-operation.ts';
import type { OperationState, RequestState } from '../operation/request-state.ts';
import type { ExecutorResult } from '../schema/executor.ts';
import type { Generation } from '../schema/generation.ts';
import { finishResult, noteOperation } from './finish-result.ts';
import { type PlainRequest, readPlainRequest } from './plain-request.ts';
import { formatted, toGraphQLError, toGraphQLErrors } from './public-error.ts';
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
  readonly maxTokens: number;
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
 * Apollo Server negotiates each `accept` header once. What it finds depends on nothing else, so later requests with the same one go straight
 * into the pipeline, to the same answer. Batches, `GET`, registrations of persisted queries and everything malformed go through Apollo Server
 * each time. For each operation that it executes, it makes an object with a getter of its own: V8 keeps a hidden class for each, and with it
 * all that the request had, until the next major collection; pauses grew with the number of new operations (decision 029).
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
      const document = generation.operations.findDocument(asked) ?? parsed(asked, options);
      if (document === undefined) return undefined;
      const { operationName, variables } = asked;
      const state: OperationState = { ...document, request, generation, operationName, variables };
      const outcome = await outcomeOf(state, options);
      const { result, status } = resultOf(outcome, request, options);
      return { status, contentType, body: writeResult(result) };
    },
    learn: (accept, contentType) => {
      if (contentType !== undefined) contentTypes.set(accept ?? '', contentType);
    },
  };
}

/** Undefined: there is no text, or something is wrong with it, which Apollo Server is to say. */
function parsed({ query, operationName }: PlainRequest, { maxTokens }: ShortcutOptions): KnownDocument | undefined {
  if (query === undefined) return undefined;
  try {
    const document = parse(query, { maxTokens });
    return getOperationAST(document, operationName) ? { source: query, sourceHash: hash('sha256', query), document } : undefined;
  } catch {
    return undefined;
  }
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
    return { errors: toGraphQLErrors(error) };
  } finally {
    noteOperation(state.request);
  }
  try {
    return await execute(state);
  } catch (error) {
    return { errors: [toGraphQLError(error)] };
  }
}

/** The status that the last error asks for. */
function statusOf(errors: readonly GraphQLError[] | undefined): number | undefined {
  const http = errors?.findLast((error) => error.extensions['http'] !== undefined)?.extensions['http'];
  return typeof http === 'object' && http !== null && 'status' in http && typeof http.status === 'number' ? http.status : undefined;
}
