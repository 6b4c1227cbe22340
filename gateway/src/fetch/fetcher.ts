import type { AppError } from '@app/errors';
import type { CachePolicy } from '../cache/cache-policy.ts';
import type { TagSet } from '../cache/tag-set.ts';

/** What one plan node asks of its subgraph: the same for every request that runs the plan. */
export interface FetchOperation {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The beginning of every request body: `{"query":"…","operationName":"…","variables":{`. */
  readonly bodyPrefix: string;
  /** Where answers go in the response, for whoever looks on. */
  readonly paths?: readonly (readonly (string | number)[])[];
}

/** Filled in on the way of one call that somebody looks at. */
export interface FetchProbe {
  /** The call got past the caches. */
  isReached: boolean;
  /** It was sent for this call, and did not join an equal one under way. */
  isSent: boolean;
  askedEntities: number;
  /** Characters of the answer. */
  size: number;
  /** `extensions.ftv1` of the answer. */
  trace: string | undefined;
}

/** For whom and under which conditions a subgraph is asked. */
export interface FetchContext {
  /** Two contexts with the same identity may share one answer: principal, locale, whatever the answer can depend on. */
  readonly identity: string;
  /** Two contexts with the same rights may share an answer that its subgraph says is public; absent: they share none. */
  readonly rights?: string;
  /** Whether the identity is somebody's, for whom private answers may be kept. */
  readonly isSignedIn?: boolean;
  readonly requestId?: string;
  /** What was known of writes when the request came: it does not join calls that began knowing something else. */
  readonly asOf?: string;
  /** Told once for each answer, also for one that was shared or cached, how it may be reused. */
  readonly onAnswer?: (answer: SubgraphAnswer) => void;
  /** Absent when nobody looks. */
  readonly probe?: FetchProbe | undefined;
}

/** An answer as caches see it. */
export interface SubgraphAnswer {
  readonly subgraph: string;
  /** Undefined: it may not be reused. */
  readonly policy: CachePolicy | undefined;
  /** What it depends on; absent: any write in the subgraph may concern it. */
  readonly tags?: TagSet;
  /** Of a mutation: its subgraph could not tell caches of what it wrote. */
  readonly isUntold?: boolean;
}

/** Entities that a request asks for: one `_entities` field of its operation. */
export interface EntityBatch {
  /** Where the answer stands in `data`: `_entities` or an alias of it. */
  readonly responseKey: string;
  /** The variable that carries the representations. */
  readonly variable: string;
  /** Distinct, each as JSON. */
  readonly representations: readonly string[];
}

/** One request to a subgraph. */
export interface SubgraphRequest<Context extends FetchContext = FetchContext> {
  readonly operation: FetchOperation;
  /** Client variables as JSON members without braces (`"first":3,"after":null`), empty without any. */
  readonly variables: string;
  /** None for a root fetch. */
  readonly entities: readonly EntityBatch[];
  /** The exact bytes to send and to sign: {@link requestBody} of the above. */
  readonly body: string;
  readonly context: Context;
  readonly signal: AbortSignal | undefined;
}

/** A subgraph's answer as it was read from JSON: nothing in it is trusted or of a known shape. */
export interface SubgraphResponse {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** The way to the subgraphs. */
export interface Fetcher<Context extends FetchContext = FetchContext> {
  /** @throws {AppError} with code `DOWNSTREAM_UNAVAILABLE` when there is no readable answer; its `cause` says why. */
  fetch(request: SubgraphRequest<Context>): Promise<SubgraphResponse>;
}

/** The error of a fetch that brought no readable answer. The subgraph and the reason stay in `cause`, away from clients. */
export type FetchFailure = AppError & { readonly code: 'DOWNSTREAM_UNAVAILABLE' };

/** Entities that a request asks for. */
export function entitiesIn({ entities }: Pick<SubgraphRequest, 'entities'>): number {
  return entities.reduce((count, { representations }) => count + representations.length, 0);
}

/** Body of a request, built from its parts; a cache in front of a fetcher uses it to ask for fewer representations. */
export function requestBody(operation: FetchOperation, variables: string, entities: readonly EntityBatch[]): string {
  let members = variables;
  for (const { variable, representations } of entities) {
    members += `${members === '' ? '' : ','}"${variable}":[${representations.join(',')}]`;
  }
  return `${operation.bodyPrefix}${members}}}`;
}
