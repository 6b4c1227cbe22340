import {
  type EntityBatch,
  type FetchContext,
  type Fetcher,
  requestBody,
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphResponse,
} from '../fetch/fetcher.ts';
import { type CachePolicy, strictest } from './cache-policy.ts';
import type { Generations } from './generations.ts';
import type { Entry, TieredStore } from './tiered-store.ts';

/** Options of {@link cachingFetcher}. */
export interface EntityCacheOptions {
  readonly store: TieredStore;
  readonly generations: Generations;
  /** Id of the supergraph. */
  readonly schemaId: string;
  /** Told how many entities, or 1 for root fields, were found and not. */
  readonly onLookup: (result: 'hit' | 'miss' | 'error', count: number, error?: unknown) => void;
  readonly now?: () => number;
}

/** What is read before a subgraph is asked. */
interface Known {
  /** The subgraph's generation. */
  readonly generation: string;
  readonly keys: readonly string[];
  readonly entries: readonly (Entry | undefined)[];
}

/**
 * Asks subgraphs only for what is not known: root fields as a whole, entities one by one. An answer is kept under the generation that its
 * subgraph had before it was asked, so that one that was overtaken by a write is never used. Identities never share.
 */
export function cachingFetcher<Context extends FetchContext>(inner: Fetcher<Context>, options: EntityCacheOptions): Fetcher<Context> {
  const { store, generations, onLookup, now = Date.now } = options;

  async function lookUp(request: SubgraphRequest<Context>, keys: readonly string[]): Promise<Known | undefined> {
    const { subgraph } = request.operation;
    try {
      const [found, [generation = '']] = await Promise.all([store.get(keys), generations.read([subgraph])]);
      const entries = found.map((entry) => (entry?.generations[subgraph] === generation ? entry : undefined));
      const hits = entries.filter((entry) => entry !== undefined).length;
      if (hits > 0) onLookup('hit', hits);
      if (hits < keys.length) onLookup('miss', keys.length - hits);
      return { generation, keys, entries };
    } catch (error) {
      onLookup('error', keys.length, error);
      return undefined;
    }
  }

  async function fetchRoot(request: SubgraphRequest<Context>): Promise<SubgraphResponse> {
    const known = await lookUp(request, [keyOf(request, request.body)]);
    const entry = known?.entries[0];
    if (known === undefined) return inner.fetch(request);
    if (entry !== undefined) {
      tell(request, policyOf(entry));
      return { data: JSON.parse(entry.text) };
    }
    const { response, policy } = await ask(request, known.generation);
    tell(request, policy);
    if (isWhole(response) && typeof response.data === 'object' && response.data !== null)
      keep(request, policy, known, new Map([[0, response.data]]));
    return response;
  }

  async function fetchEntities(request: SubgraphRequest<Context>, batch: EntityBatch): Promise<SubgraphResponse> {
    const { operation, variables } = request;
    const known = await lookUp(
      request,
      batch.representations.map((representation) => keyOf(request, variables, operation.bodyPrefix, representation)),
    );
    if (known === undefined) return inner.fetch(request);
    const missing = [...known.entries.keys()].filter((index) => known.entries[index] === undefined);
    const policies = known.entries.flatMap((entry) => (entry === undefined ? [] : [policyOf(entry)]));
    const list: unknown[] = known.entries.map((entry) => (entry === undefined ? null : JSON.parse(entry.text)));
    if (missing.length === 0) {
      tell(request, strictest(policies));
      return { data: { [batch.responseKey]: list } };
    }
    const entities = [{ ...batch, representations: missing.map((index) => batch.representations[index] ?? '') }];
    const { response, policy } = await ask({ ...request, entities, body: requestBody(operation, variables, entities) }, known.generation);
    tell(request, strictest([...policies, policy]));
    const answered = listOf(response, batch.responseKey);
    // With another length nobody knows what belongs to whom; without a list there must be errors that say why.
    if (answered === undefined ? isWhole(response) : answered.length !== missing.length) return {};
    for (const [position, index] of missing.entries()) list[index] = answered?.[position] ?? null;
    if (isWhole(response)) keep(request, policy, known, new Map(missing.map((index) => [index, list[index]])));
    return { data: { [batch.responseKey]: list }, errors: atOldPlaces(response.errors, batch.responseKey, missing) };
  }

  async function ask(
    request: SubgraphRequest<Context>,
    asOf: string,
  ): Promise<{ response: SubgraphResponse; policy: CachePolicy | undefined }> {
    let policy: CachePolicy | undefined;
    const onAnswer = (answer: SubgraphAnswer) => {
      policy = answer.policy;
    };
    const context = { ...request.context, asOf: `${request.context.asOf ?? ''} ${asOf}`, onAnswer };
    const response = await inner.fetch({ ...request, context });
    return { response, policy };
  }

  function keep(
    request: SubgraphRequest<Context>,
    policy: CachePolicy | undefined,
    known: Known,
    values: ReadonlyMap<number, unknown>,
  ): void {
    if (policy === undefined || (policy.scope === 'private' && request.context.isSignedIn !== true)) return;
    const common = {
      generations: { [request.operation.subgraph]: known.generation },
      expiresAt: now() + policy.maxAge * 1_000,
      scope: policy.scope,
    };
    const entries = [...values].map(
      ([index, value]) => [known.keys[index] ?? '', { ...common, text: JSON.stringify(value ?? null) }] as const,
    );
    store.set(new Map(entries), (error) => onLookup('error', entries.length, error));
  }

  function keyOf({ operation, context }: SubgraphRequest<Context>, ...parts: readonly string[]): string {
    return JSON.stringify([options.schemaId, operation.subgraph, context.identity, ...parts]);
  }

  function policyOf({ expiresAt, scope }: Entry): CachePolicy {
    return { maxAge: (expiresAt - now()) / 1_000, scope };
  }

  return {
    fetch: (request) => {
      const [batch, ...others] = request.entities;
      if (request.operation.kind !== 'query' || others.length > 0) return inner.fetch(request);
      return batch === undefined ? fetchRoot(request) : fetchEntities(request, batch);
    },
  };
}

function tell(request: SubgraphRequest, policy: CachePolicy | undefined): void {
  request.context.onAnswer?.({ subgraph: request.operation.subgraph, policy });
}

/** Only what has no errors is kept. */
function isWhole({ errors }: SubgraphResponse): boolean {
  return errors === undefined || errors === null || (Array.isArray(errors) && errors.length === 0);
}

/** Errors name entities by their place among those that were asked for. */
function atOldPlaces(errors: unknown, key: string, asked: readonly number[]): unknown {
  if (!Array.isArray(errors)) return errors;
  return errors.map((error: unknown) => {
    if (typeof error !== 'object' || error === null || !('path' in error) || !Array.isArray(error.path)) return error;
    const [first, index, ...rest] = error.path as unknown[];
    return first === key && typeof index === 'number' ? { ...error, path: [first, asked[index] ?? index, ...rest] } : error;
  });
}

function listOf({ data }: SubgraphResponse, key: string): unknown[] | undefined {
  const list = typeof data === 'object' && data !== null && Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined;
  return Array.isArray(list) ? list : undefined;
}
