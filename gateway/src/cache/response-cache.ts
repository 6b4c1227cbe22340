import { identityOf, type Principal, rightsOf } from '@app/auth';
import type { Dependency, Moment } from '@app/cache';
import type { SubgraphAnswer } from '../fetch/fetcher.ts';
import { KeptJsonText } from '../schema/json-text.ts';
import { type CacheScope, strictest } from './cache-policy.ts';
import { type EntrySources, findEntries } from './find-entries.ts';
import { freshnessOf, timesOf } from './freshness.ts';
import { unionOfTags } from './tag-set.ts';
import type { Entry } from './tiered-store.ts';
import { KnownScopes, ownerOf } from './whose.ts';

/** What an answer depends on besides the data. */
export interface AskedOperation {
  /** Id of the supergraph. */
  readonly schemaId: string;
  readonly subgraphs: readonly string[];
  /** The checked operation. */
  readonly operation: { /** Stands for its text and name. */ readonly key: string };
  /** With defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

/** Keeps a new answer, if what its subgraphs said allows it. */
export type Keep = (data: string, answers: readonly SubgraphAnswer[]) => void;

/** What is known of an operation's answer. */
export type Lookup =
  | { readonly kind: 'hit'; readonly data: KeptJsonText }
  | { readonly kind: 'miss'; readonly keep: Keep /** What was known of writes. */; readonly asOf: string };

/** Options of {@link createResponseCache}. */
export interface ResponseCacheOptions extends EntrySources {
  readonly onLookup: (result: 'hit' | 'miss' | 'error', error?: unknown) => void;
  readonly now?: () => number;
}

/** Whole answers. */
export interface ResponseCache {
  lookUp(asked: AskedOperation): Promise<Lookup>;
}

/** An answer is used while it is fresh and nothing that it depends on was written to; what is stale is assembled anew, from the entity cache. */
const NEVER_STALE = { whileRevalidateSeconds: 0, ifErrorSeconds: 0 };

/**
 * Keeps whole answers for as long as all their subgraphs let them be reused. An answer is kept with the moments of its subgraphs from before
 * the first was asked, and used only while nothing that it depends on was written to since: what was overtaken by a write is never used.
 * Everybody with the same rights shares what is public; the rest is for who asked.
 */
export function createResponseCache(options: ResponseCacheOptions): ResponseCache {
  const { store, onLookup, now = Date.now } = options;
  const texts = new WeakMap<Entry, KeptJsonText>();
  const scopes = new KnownScopes<AskedOperation['operation']>(({ key }) => key);

  return {
    lookUp: async (asked) => {
      const key = keyOf(asked, scopes.of(asked.operation));
      try {
        const { entries, moments } = await findEntries(options, [key], asked.subgraphs);
        const [entry] = entries;
        if (entry !== undefined && freshnessOf(entry, now()) === 'fresh') {
          onLookup('hit');
          return { kind: 'hit', data: textOf(entry) };
        }
        onLookup('miss');
        const asOf = [...moments.values()].map(({ epoch, count }) => `${epoch}.${count}`).join(' ');
        return { kind: 'miss', asOf, keep: (data, answers) => keep(asked, { moments, data, answers }) };
      } catch (error) {
        onLookup('error', error);
        return { kind: 'miss', keep: () => undefined, asOf: '' };
      }
    },
  };

  function textOf(entry: Entry): KeptJsonText {
    const known = texts.get(entry);
    if (known !== undefined) return known;
    const text = new KeptJsonText(entry.text);
    texts.set(entry, text);
    return text;
  }

  function keep(asked: AskedOperation, { moments, data, answers }: NewAnswer): void {
    const policy = strictest(answers.map((answer) => answer.policy));
    if (policy === undefined || (policy.scope === 'private' && asked.principal.kind === 'anonymous')) return;
    const dependencies = dependenciesOf(answers, moments);
    if (dependencies === undefined) return;
    scopes.learn(asked.operation, policy.scope);
    const entry = { text: data, dependencies, ...timesOf(policy, now(), NEVER_STALE), scope: policy.scope };
    store.set(new Map([[keyOf(asked, policy.scope), entry]]), (error) => onLookup('error', error));
  }
}

interface NewAnswer {
  /** From before the subgraphs were asked. */
  readonly moments: ReadonlyMap<string, Moment>;
  readonly data: string;
  readonly answers: readonly SubgraphAnswer[];
}

function dependenciesOf(answers: readonly SubgraphAnswer[], moments: ReadonlyMap<string, Moment>): Dependency[] | undefined {
  const dependencies: Dependency[] = [];
  for (const [subgraph, parts] of Map.groupBy(answers, (answer) => answer.subgraph)) {
    const moment = moments.get(subgraph);
    if (moment === undefined) return undefined;
    const tags = unionOfTags(parts.map((part) => part.tags ?? { tags: [], isUntagged: true }));
    dependencies.push({ subgraph, epoch: moment.epoch, count: moment.count, ...tags });
  }
  return dependencies;
}

function keyOf({ schemaId, operation, variables, principal }: AskedOperation, scope: CacheScope): string {
  const owner = ownerOf(scope, { identity: identityOf(principal), rights: rightsOf(principal) });
  return JSON.stringify(['response', schemaId, operation.key, variables, owner]);
}
