import { hash } from 'node:crypto';
import type { Dependency, Moment } from '@app/cache';
import {
  type EntityBatch,
  type FetchContext,
  type Fetcher,
  type FetchOperation,
  requestBody,
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphResponse,
} from '../fetch/fetcher.ts';
import { atOldPlaces, isWhole, listOf, memberOf } from './answer-parts.ts';
import { type CachePolicy, type CacheScope, strictest } from './cache-policy.ts';
import type { CacheTags } from './cache-tags.ts';
import { type EntrySources, findEntries } from './find-entries.ts';
import { type Freshness, freshnessOf, remaining, type StaleDefaults, timesOf } from './freshness.ts';
import { sentForEach, sentTags, type TagSet, unionOfTags, withSent } from './tag-set.ts';
import type { Entry } from './tiered-store.ts';
import { KnownScopes, ownerOf } from './whose.ts';

/** How an entity, or the root fields of a request, came to be in an answer. */
export type LookupResult = 'hit' | 'stale' | 'miss' | 'rescued' | 'error';

/** Options of {@link cachingFetcher}. */
export interface EntityCacheOptions extends EntrySources {
  /** Id of the supergraph. */
  readonly schemaId: string;
  readonly tags: CacheTags;
  readonly stale: StaleDefaults;
  /** Told how many entities, or 1 for root fields, were found and not. */
  readonly onLookup: (result: LookupResult, count: number, error?: unknown) => void;
  readonly now?: () => number;
}

/** What a request asks for, piece by piece: each entity, or its root fields as one. */
interface Pieces<Context extends FetchContext> {
  /** What tells each from all others, whoever asks. */
  readonly marks: readonly (readonly string[])[];
  readonly tags: readonly TagSet[];
  /** Asks for some of them, by their places; `since`: what was known of writes. */
  readonly ask: (request: SubgraphRequest<Context>, places: readonly number[], since: string) => Promise<Asked>;
}

/** What came of asking. */
interface Asked {
  readonly response: SubgraphResponse;
  /** In the order in which they were asked for; undefined: the answer has another shape. */
  readonly values: readonly unknown[] | undefined;
  readonly policy: CachePolicy | undefined;
  /** Tags that the subgraph sent, for each piece. */
  readonly sent: readonly (readonly string[] | undefined)[];
}

/**
 * Asks subgraphs only for what is not known: root fields as a whole, entities one by one. An answer is kept with the moment that its subgraph
 * had reached before it was asked, so that one that was overtaken by a write is never used. What is public is shared by all with the same rights.
 *
 * Past its time an entry is still used while it is asked for anew, or when its subgraph is away (RFC 5861); never once it was written to.
 */
export function cachingFetcher<Context extends FetchContext>(inner: Fetcher<Context>, options: EntityCacheOptions): Fetcher<Context> {
  const { onLookup, now = Date.now } = options;
  const refreshing = new Set<string>();
  const scopes = new KnownScopes<FetchOperation>(({ subgraph, query }) => hash('sha256', `${subgraph} ${query}`));

  async function lookUp(request: SubgraphRequest<Context>, { marks }: Pieces<Context>): Promise<Known | undefined> {
    const { subgraph } = request.operation;
    const keys = keysOf(request, marks, scopes.of(request.operation));
    try {
      const { entries, moments } = await findEntries(options, keys, [subgraph]);
      const moment = moments.get(subgraph);
      if (moment === undefined) throw new Error(`Nobody knows of writes in ${subgraph}.`);
      const states = entries.map((entry): Freshness => (entry === undefined ? 'over' : freshnessOf(entry, now())));
      return { keys, entries, states, moment };
    } catch (error) {
      onLookup('error', marks.length, error);
      return undefined;
    }
  }

  async function fetchPieces(request: SubgraphRequest<Context>, pieces: Pieces<Context>, known: Known): Promise<Merged> {
    const { entries, states, moment } = known;
    const missing = placesWhere(states, (state) => state === 'spare' || state === 'over');
    const stale = placesWhere(states, (state) => state === 'stale');
    count('hit', states.length - missing.length - stale.length);
    count('stale', stale.length);
    if (stale.length > 0) refresh(request, pieces, stale, known);
    const values: unknown[] = entries.map((entry) => (entry === undefined ? undefined : JSON.parse(entry.text)));
    const used = entries.filter((entry, place): entry is Entry => entry !== undefined && !missing.includes(place));
    if (missing.length === 0) return { values, missing, response: {}, ...wholeOf(used, []) };

    let asked: Asked;
    try {
      asked = await pieces.ask(request, missing, asOf(moment));
    } catch (error) {
      // What nobody wrote to is better than nothing; whoever hung up gets neither.
      if (request.signal?.aborted || missing.some((place) => states[place] !== 'spare')) throw error;
      count('rescued', missing.length);
      return { values, missing: [], response: {}, policy: undefined, tags: undefined };
    }
    count('miss', missing.length);
    for (const [index, place] of missing.entries()) values[place] = asked.values?.[index];
    return { values, missing, response: asked.response, ...wholeOf(used, keep(request, pieces, missing, asked, moment)) };
  }

  /** Asks again in the background, once at a time for each piece. */
  function refresh(
    request: SubgraphRequest<Context>,
    pieces: Pieces<Context>,
    places: readonly number[],
    { keys: all, moment }: Known,
  ): void {
    const mine = places.filter((place) => !refreshing.has(all[place] ?? ''));
    if (mine.length === 0) return;
    const keys = mine.map((place) => all[place] ?? '');
    for (const key of keys) refreshing.add(key);
    const beside = { ...request, context: { ...request.context, probe: undefined }, signal: undefined };
    pieces
      .ask(beside, mine, asOf(moment))
      .then((asked) => keep(request, pieces, mine, asked, moment))
      .catch((error: unknown) => onLookup('error', mine.length, error))
      .finally(() => {
        for (const key of keys) refreshing.delete(key);
      });
  }

  /** Stores what may be stored; returns what each piece depends on and how long it may be reused. */
  function keep(
    request: SubgraphRequest<Context>,
    { marks, tags }: Pieces<Context>,
    places: readonly number[],
    { response, values, policy, sent }: Asked,
    moment: Moment,
  ): readonly Part[] {
    const { subgraph } = request.operation;
    const parts = places.map((place, index): Part => ({ policy, tags: withSent(tags[place] ?? untagged, sent[index]) }));
    const isKept = policy !== undefined && (policy.scope !== 'private' || request.context.isSignedIn === true);
    if (!isKept || !isWhole(response) || values === undefined) return parts;
    scopes.learn(request.operation, policy.scope);
    const keys = keysOf(request, marks, policy.scope);
    const common = { ...timesOf(policy, now(), options.stale), scope: policy.scope };
    const entries = places.map((place, index) => {
      const dependency: Dependency = { subgraph, epoch: moment.epoch, count: moment.count, ...(parts[index]?.tags ?? untagged) };
      return [keys[place] ?? '', { ...common, text: JSON.stringify(values[index] ?? null), dependencies: [dependency] }] as const;
    });
    options.store.set(new Map(entries), (error) => onLookup('error', entries.length, error));
    return parts;
  }

  /** What the whole depends on that is made of entries and of new parts. */
  function wholeOf(known: readonly Entry[], parts: readonly Part[]): Part {
    return {
      policy: strictest([...known.map((entry) => remaining(entry, now())), ...parts.map(({ policy }) => policy)]),
      tags: unionOfTags([...known.flatMap(({ dependencies }) => dependencies), ...parts.map(({ tags }) => tags ?? untagged)]),
    };
  }

  async function fetchRoot(request: SubgraphRequest<Context>): Promise<SubgraphResponse> {
    const { operation, variables, body } = request;
    const ask: Pieces<Context>['ask'] = async (asking, _places, since) => {
      const { response, policy } = await askInner(asking, since);
      const isUsable = typeof response.data === 'object' && response.data !== null;
      const sent = sentTags(memberOf(response.extensions, 'apolloCacheTags'));
      return { response, policy, values: isUsable ? [response.data] : undefined, sent: [sent] };
    };
    const pieces = { marks: [[body]], tags: [options.tags.ofRoot(operation, variables)], ask };
    const known = await lookUp(request, pieces);
    if (known === undefined) return inner.fetch(request);
    const merged = await fetchPieces(request, pieces, known);
    tell(request, merged);
    return merged.missing.length > 0 ? merged.response : { data: merged.values[0] };
  }

  async function fetchEntities(request: SubgraphRequest<Context>, batch: EntityBatch): Promise<SubgraphResponse> {
    const { operation, variables } = request;
    const { representations, responseKey } = batch;
    const ask: Pieces<Context>['ask'] = async (asking, places, since) => {
      const entities = [{ ...batch, representations: places.map((place) => representations[place] ?? '') }];
      const body = requestBody(operation, variables, entities);
      const { response, policy } = await askInner({ ...asking, entities, body }, since);
      const values = listOf(response, responseKey);
      const sent = memberOf(response.extensions, 'apolloEntityCacheTags');
      return { response, policy, values: values?.length === places.length ? values : undefined, sent: sentForEach(sent, places.length) };
    };
    const marks = representations.map((representation) => [variables, operation.bodyPrefix, representation]);
    const tags = representations.map((representation) => options.tags.ofEntity(operation.subgraph, representation));
    const pieces = { marks, tags, ask };
    const known = await lookUp(request, pieces);
    if (known === undefined) return inner.fetch(request);
    const { response, missing, values, ...whole } = await fetchPieces(request, pieces, known);
    tell(request, whole);
    const answered = listOf(response, responseKey);
    // With another length nobody knows what belongs to whom; without a list there must be errors that say why.
    if (missing.length > 0 && (answered === undefined ? isWhole(response) : answered.length !== missing.length)) return {};
    return { data: { [responseKey]: values.map((value) => value ?? null) }, errors: atOldPlaces(response.errors, responseKey, missing) };
  }

  async function askInner(request: SubgraphRequest<Context>, since: string) {
    let policy: CachePolicy | undefined;
    const onAnswer = (answer: SubgraphAnswer) => {
      policy = answer.policy;
    };
    const context = { ...request.context, asOf: `${request.context.asOf ?? ''} ${since}`, onAnswer };
    return { response: await inner.fetch({ ...request, context }), policy };
  }

  function keysOf({ operation, context }: SubgraphRequest<Context>, marks: Pieces<Context>['marks'], scope: CacheScope): string[] {
    const owner = ownerOf(scope, context);
    return marks.map((mark) => JSON.stringify([options.schemaId, operation.subgraph, owner, ...mark]));
  }

  function count(result: LookupResult, pieces: number): void {
    if (pieces > 0) onLookup(result, pieces);
  }

  return {
    fetch: (request) => {
      const [batch, ...others] = request.entities;
      if (request.operation.kind !== 'query' || others.length > 0) return inner.fetch(request);
      return batch === undefined ? fetchRoot(request) : fetchEntities(request, batch);
    },
  };
}

/** What a part of an answer depends on, and how long it may be reused. */
interface Part {
  readonly policy: CachePolicy | undefined;
  readonly tags: TagSet | undefined;
}

/** What was known before a subgraph is asked. */
interface Known {
  readonly keys: readonly string[];
  readonly entries: readonly (Entry | undefined)[];
  readonly states: readonly Freshness[];
  /** What the subgraph had written by then. */
  readonly moment: Moment;
}

/** What was known and what was asked for, put together. */
interface Merged extends Part {
  /** All pieces in order; undefined where the subgraph said nothing. */
  readonly values: readonly unknown[];
  /** What the subgraph answered, if it was asked. */
  readonly response: SubgraphResponse;
  readonly missing: readonly number[];
}

function placesWhere(states: readonly Freshness[], isWanted: (state: Freshness) => boolean): number[] {
  return [...states.keys()].filter((place) => isWanted(states[place] ?? 'over'));
}

function asOf({ epoch, count }: Moment): string {
  return `${epoch}.${count}`;
}

const untagged: TagSet = { tags: [], isUntagged: true };

function tell(request: SubgraphRequest, { policy, tags }: Part): void {
  request.context.onAnswer?.({ subgraph: request.operation.subgraph, policy, ...(tags && { tags }) });
}
