import { type InternalSigner, identityOf, rightsOf } from '@app/auth';
import { isErrorCode } from '@app/errors';
import { GraphQLError } from 'graphql';
import type { FetchContext, Fetcher } from '../fetch/fetcher.ts';
import { createHttpFetcher, type FetchEvent, type HttpFetcherOptions, type MutationCount } from '../fetch/http-fetcher.ts';
import { inspectingFetcher } from '../inspect/inspecting-fetcher.ts';
import { type LabelShares, OverrideLabels } from '../plan/override-labels.ts';
import { type PlanText, readPlan } from '../plan/plan-text.ts';
import { createPlanner, type PlannerOptions, type PlanRequest } from '../plan/planner.ts';
import type { DeferredAnswer, Delivery } from '../schema/deferred-answer.ts';
import type { Execution, Executor, ExecutorFactory, ExecutorResult, PlannedOperation } from '../schema/executor.ts';
import { JsonText } from '../schema/json-text.ts';
import { type RequestOrigin, subgraphHeaders } from '../schema/subgraph-headers.ts';
import { type CompiledPlan, compilePlan } from './compile-plan.ts';
import { executeToData, type Written } from './execute.ts';
import type { ResponseError } from './execution-types.ts';
import { executeIncrementally } from './incremental.ts';

/** How the compiled executor plans and reaches subgraphs. */
export interface CompiledExecutorOptions {
  readonly planning: Pick<PlannerOptions<KnownPlan>, 'deadlineMs' | 'cacheBytes' | 'shared'>;
  readonly fetching: Pick<
    HttpFetcherOptions<FetchContext>,
    'connectTimeoutMs' | 'deadlineMs' | 'maxAnswerBytes' | 'connections' | 'shareInFlight' | 'needsMoment' | 'breakers' | 'hedgeAfterMs'
  >;
  /** Which share of requests each label of a progressive `@override` is active for. */
  readonly labelShares: LabelShares;
  /** Puts a cache in front of the subgraphs of a supergraph. */
  readonly cache?: (fetcher: Fetcher<CallContext>, graph: { readonly id: string; readonly sdl: string }) => Fetcher<CallContext>;
  /** By subgraph; a subgraph without one gets unsigned requests. */
  readonly signers: ReadonlyMap<string, InternalSigner>;
}

/** A plan ready to run, and its JSON for whoever wants to see it. */
type KnownPlan = CompiledPlan & Pick<PlanText, 'text'>;

/** What the calls of one execution know of it. */
export interface CallContext extends FetchContext {
  readonly execution: RequestOrigin & Pick<Execution, 'onFetch' | 'inspection'>;
}

/** Makes executors that plan on a thread, compile plans once and fetch over pools of their own. */
export function compiledExecutors(options: CompiledExecutorOptions): ExecutorFactory {
  const mutations: MutationCount = { answered: 0 };
  return async (generation): Promise<Executor> => {
    const labels = new OverrideLabels(generation.sdl, options.labelShares);
    const fetcher = createHttpFetcher<CallContext>({
      ...options.fetching,
      subgraphs: generation.subgraphs,
      mutations,
      headersFor: ({ operation, body, context: { execution } }) =>
        subgraphHeaders(options.signers.get(operation.subgraph), execution, body),
      onFetch: report,
    });
    const cached = options.cache?.(fetcher, generation) ?? fetcher;
    const compile = ({ plan, text }: PlanText, request: PlanRequest): KnownPlan => ({ ...compilePlan(plan, request, generation), text });
    // Last: a supergraph that cannot be served, such as one with a bad URL, must leave no thread behind.
    const planner = createPlanner(generation, { ...options.planning, compile });
    const planOf = ({ planKey, document, operation, signal }: PlannedOperation) => {
      const activeLabels = labels.choose(document, Math.random);
      const operationKey = activeLabels.length === 0 ? planKey : `${planKey} ${activeLabels.join(' ')}`;
      return planner.plan({ operationKey, document, operationName: operation.name?.value, activeLabels }, signal);
    };
    let stopped: Promise<unknown> | undefined;
    return {
      whenReady: () => planner.whenReady,
      prepare: async (operation) => {
        try {
          await planOf(operation);
          return true;
        } catch {
          return false;
        }
      },
      planOf: async (operation) => readPlan((await planOf(operation)).text).plan,
      execute: async (execution) => {
        const { variables, signal } = execution;
        const compiled = await planOf(execution);
        const { inspection } = execution;
        const asking = inspection === undefined ? cached : inspectingFetcher(cached, inspection);
        const run = { variables, signal, fetcher: asking, context: contextOf(execution) };
        if (execution.onDeferred === undefined || compiled.deferred === undefined) return toResult(await executeToData(compiled, run));
        const outcome = await executeIncrementally(compiled, run);
        if (outcome.pending.length > 0) execution.onDeferred(toDeferredAnswer(outcome));
        return toResult(outcome);
      },
      stop: async () => {
        stopped ??= Promise.all([planner.stop(), fetcher.close()]);
        await stopped;
      },
    };
  };
}

function contextOf(execution: Execution): CallContext {
  const { principal, onAnswer, asOf } = execution;
  return {
    identity: identityOf(principal),
    rights: rightsOf(principal),
    isSignedIn: principal.kind !== 'anonymous',
    execution,
    ...(onAnswer && { onAnswer }),
    ...(asOf !== undefined && { asOf }),
  };
}

function report({ request, durationMs, failure }: FetchEvent<CallContext>): void {
  const { subgraph } = request.operation;
  request.context.execution.onFetch({ subgraph, durationMs, outcome: failure === undefined ? 'ok' : outcomeOf(failure) });
}

function outcomeOf(failure: unknown): string {
  if (failure instanceof Error && failure.name === 'ExchangeTimeoutError') return 'TIMEOUT';
  const code = typeof failure === 'object' && failure !== null && 'code' in failure ? failure.code : undefined;
  return isErrorCode(code) ? code : 'DOWNSTREAM_UNAVAILABLE';
}

/**
 * Nulls in place of what could not be written are told in `extensions.valueCompletion`, as Apollo's gateway and router do: an entity that its
 * subgraph does not know any more is no error of the operation (decision 020). They are errors when nothing is left of the data.
 */
function toResult({ data, errors, unwritable }: Written): ExecutorResult {
  const result = { data: new JsonText(data) };
  const told = data === 'null' ? [...errors, ...unwritable] : errors;
  if (told.length > 0) return { ...result, errors: told.map(toGraphQLError) };
  return unwritable.length > 0 ? { ...result, extensions: { valueCompletion: unwritable } } : result;
}

function toDeferredAnswer({ pending, deliveries }: DeferredAnswer<ResponseError>): DeferredAnswer {
  async function* translated(): AsyncGenerator<Delivery> {
    for await (const { parts, ...delivery } of deliveries) {
      yield { ...delivery, parts: parts.map((part) => ({ ...part, errors: part.errors.map(toGraphQLError) })) };
    }
  }
  return { pending, deliveries: translated() };
}

function toGraphQLError({ message, path, extensions }: ResponseError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}
