import type { JobDefinition } from './define-job.ts';

/** What a handler is told beside its data. */
export interface JobContext {
  readonly id: string;
  /** Number of this try, from 1. */
  readonly attempt: number;
  /** Aborts when the try takes too long or the worker has to end. */
  readonly signal: AbortSignal;
}

/** A kind of job, and what is done with it. */
export interface JobHandler<Data = unknown> {
  readonly definition: JobDefinition<Data>;
  /** May run more than once for one job (a process dies before it can say that it is done): make its effect idempotent. */
  readonly run: (data: Data, context: JobContext) => Promise<void>;
  /** A person gave the job up: let whatever caused it know, or it comes again. */
  readonly discarded?: (data: Data) => Promise<void>;
}

/** Says what is done with a kind of job. */
export function handle<Data>(
  definition: JobDefinition<Data>,
  run: JobHandler<Data>['run'],
  discarded?: JobHandler<Data>['discarded'],
): JobHandler {
  return { definition, run, ...(discarded && { discarded }) } as unknown as JobHandler;
}

/** Handlers by name of their job. @throws {RangeError} when two take the same job. */
export function byName(handlers: readonly JobHandler[]): ReadonlyMap<string, JobHandler> {
  const found = new Map<string, JobHandler>();
  for (const handler of handlers) {
    const { name } = handler.definition;
    if (found.has(name)) throw new RangeError(`two handlers of one worker take job "${name}"`);
    found.set(name, handler);
  }
  return found;
}
