import type { QueryPlan } from '@apollo/query-planner';
import type { FetchProbe } from '../fetch/fetcher.ts';

/** How a plan is written into an answer. */
export interface PlanFormats {
  /** `apolloQueryPlan: { object, text }`, as Apollo Router writes it (`apollo-expose-query-plan`). */
  readonly router: boolean;
  /** `__queryPlanExperimental`, as @apollo/gateway writes it (`apollo-query-plan-experimental`). */
  readonly gateway: 'none' | 'prettified' | 'internal';
}

/** What a request wants to know about itself. */
export interface InspectionWishes {
  readonly plan: PlanFormats;
  /** Which calls were made, and how long they took (`x-gateway-inspect`). */
  readonly timing: boolean;
  /** Plan only: nothing is executed (`apollo-expose-query-plan: dry-run`). */
  readonly dryRun: boolean;
}

/** One call as a person looks at it. Times are milliseconds since the request began. */
export interface InspectedFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  /** Where in the response its answer goes; none for what stands at the root. */
  readonly paths: readonly (readonly (string | number)[])[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** `network`: asked for this request; `shared`: joined an equal call under way; `cache`: nobody was asked. */
  readonly from: 'network' | 'shared' | 'cache';
  /** Entities that were needed, and how many of them were asked for. */
  readonly entities: number;
  readonly askedEntities: number;
  /** Characters of the subgraph's answer. */
  readonly size: number;
  readonly outcome: string;
  /** The subgraph's own trace (ftv1), base64, when it was asked for. */
  readonly trace: string | undefined;
}

/** What is learned about one request while it runs. Requests that nobody inspects have none. */
export class Inspection {
  readonly wishes: InspectionWishes;
  /** Whether subgraphs are asked for traces of their resolvers. */
  asksForTraces: boolean;
  plan: QueryPlan | undefined;
  planningMs = 0;
  isFromCache = false;
  readonly fetches: InspectedFetch[] = [];
  readonly startedAt: number;
  private readonly clock: () => number;

  constructor(wishes: InspectionWishes, { asksForTraces = false, clock = () => performance.now() } = {}) {
    this.wishes = wishes;
    this.asksForTraces = asksForTraces;
    this.clock = clock;
    this.startedAt = clock();
  }

  get wantsPlan(): boolean {
    return this.wishes.plan.router || this.wishes.plan.gateway !== 'none';
  }

  /** Milliseconds since the request began. */
  elapsedMs(): number {
    return this.clock() - this.startedAt;
  }
}

/** Nothing is told to whoever asked: for traces that go elsewhere. */
export const silent: InspectionWishes = { plan: { router: false, gateway: 'none' }, timing: false, dryRun: false };

/** Where an answer came from, by what reached the network. */
export function originOf({ isReached, isSent }: FetchProbe): InspectedFetch['from'] {
  if (!isReached) return 'cache';
  return isSent ? 'network' : 'shared';
}
