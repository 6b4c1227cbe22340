import type { FetchContext, Fetcher } from '../fetch/fetcher.ts';

/** What one execution needs besides the compiled plan. */
export interface ExecutionOptions<Context extends FetchContext = FetchContext> {
  /** As the client sent them, already validated; defaults of the operation need not be filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
  readonly fetcher: Fetcher<Context>;
  /** Aborted when the client went away or its deadline passed: fetches under way are cancelled. */
  readonly signal?: AbortSignal | undefined;
  /** Says in `extensions.serviceName` which subgraph an error came from. Off by default: it tells outsiders how the graph is built. */
  readonly debug?: boolean;
}

/** An error as it stands in a response. */
export interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * Of one answer, or of one response. More say nothing new, and a small answer could make millions of them: each error stands at every place of
 * its entity, and each null of a list may be one.
 */
export const MOST_ERRORS = 10_000;

/** A response as objects. */
export interface ExecutionOutcome {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly ResponseError[];
}
