import { type DocumentNode, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SupergraphGeneration } from '../supergraph/supergraph-generation.ts';
import { Pending } from './pending.ts';
import { type PlanText, readPlan } from './plan-text.ts';
import { type PlanDemand, type PlanningLimits, PlanningThread } from './planning-thread.ts';
import type { SharedPlans } from './shared-plans.ts';

/** What is planned. */
export interface PlanRequest {
  /** Stands for the text of `document`, the operation name and the active labels: equal keys, equal plans. */
  readonly operationKey: string;
  /** Valid against the API schema. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** Labels of `@override` that are active; none when left out. */
  readonly activeLabels?: readonly string[];
}

/** Options of {@link createPlanner}. */
export interface PlannerOptions<T> extends PlanningLimits {
  /** Plans are kept up to about this many bytes of memory, the least recently used leave first. */
  readonly cacheBytes: number;
  /** Makes what is kept of a plan. */
  readonly compile: (plan: PlanText, request: PlanRequest) => T;
  /** Where plans of all gateways are; undefined: each plans for itself. */
  readonly shared?: SharedPlans | undefined;
}

/** Plans operations on one generation of the supergraph. */
export interface Planner<T> {
  /**
   * What was made of an operation's plan, from the cache or new. Callers that ask for the same at the same time wait for one plan.
   * With a signal the wait ends when it is aborted, and an operation that nobody waits for any more is left out when its turn comes.
   * @throws {AppError} `TIMEOUT` past the deadline, or when the signal says so; `OVERLOADED` when too many wait; `LIMIT_EXCEEDED` when planning takes too much memory; `GRAPHQL_VALIDATION_FAILED` when the planner refuses the operation; `SHUTTING_DOWN`.
   */
  plan(request: PlanRequest, signal?: AbortSignal): T | Promise<T>;
  /** Resolves when the planning thread has read the supergraph, or has ended. */
  readonly whenReady: Promise<void>;
  /** Ends the planning thread; safe to call twice. */
  stop(): Promise<void>;
}

/** A compiled plan takes many times the memory of its JSON (measured in snapshots of the heap). */
const BYTES_PER_CHARACTER = 20;
/** Of a plan that is kept as text: the key, and its place in the cache. */
const BYTES_PER_TEXT = 300;

/** Makes a planner with a thread and a cache of its own. */
export function createPlanner<T extends object>(
  { id, sdl }: Pick<SupergraphGeneration, 'id' | 'sdl'>,
  options: PlannerOptions<T>,
): Planner<T> {
  const { shared } = options;
  const thread = new PlanningThread(sdl, options);
  /** What is asked for once is kept as text: most of what is new is never asked for again, and text is cheap to keep. */
  const known = new LRUCache<string, string | T>({ maxSize: options.cacheBytes });
  const underWay = new Map<string, Pending<T>>();

  async function planOf({ document, operationKey, operationName, activeLabels = [] }: PlanRequest, demand: PlanDemand): Promise<PlanText> {
    const found = await shared?.get(id, operationKey);
    if (found !== undefined) return found;
    const text = await thread.plan({ query: print(document), operationName, activeLabels }, demand);
    shared?.set(id, operationKey, text);
    return readPlan(text);
  }

  async function make(request: PlanRequest, demand: PlanDemand): Promise<T> {
    const plan = await planOf(request, demand);
    const product = options.compile(plan, request);
    known.set(request.operationKey, plan.text, { size: BYTES_PER_TEXT + plan.text.length });
    return product;
  }

  function makeAgain(text: string, request: PlanRequest): T {
    const product = options.compile(readPlan(text), request);
    known.set(request.operationKey, product, { size: BYTES_PER_TEXT + text.length * BYTES_PER_CHARACTER });
    return product;
  }

  function begin(request: PlanRequest, isForRequest: boolean): Pending<T> {
    const { operationKey } = request;
    const pending = new Pending((isAwaited) => make(request, { isAwaited, isForRequest }).finally(() => underWay.delete(operationKey)));
    underWay.set(operationKey, pending);
    return pending;
  }

  return {
    plan: (request, signal) => {
      const { operationKey } = request;
      const kept = known.get(operationKey);
      if (kept !== undefined) return typeof kept === 'string' ? makeAgain(kept, request) : kept;
      const pending = underWay.get(operationKey) ?? begin(request, signal !== undefined);
      return pending.wait(signal);
    },
    whenReady: thread.whenReady,
    stop: () => thread.stop(),
  };
}
