import type { ExecutionOptions, ResponseError } from './execution-types.ts';
import type { JsonObject } from './json-object.ts';

/** One execution under way. */
export interface Run extends ExecutionOptions {
  /** What the subgraphs have answered so far, merged: a tree that mirrors the response, with keys and type names nobody asked for. */
  readonly root: JsonObject;
  /** What went wrong so far. */
  readonly errors: ResponseError[];
  /** Told of each fetch that deferred parts wait for, when it is done. */
  readonly onFetched?: (id: string) => void;
}

/** One compiled node of a plan. It never rejects for what a subgraph did: that becomes an error of the run. */
export type Step = (run: Run) => Promise<void>;

/** Starts an execution. */
export function startRun(options: ExecutionOptions): Run {
  return { ...options, root: Object.create(null), errors: [] };
}
