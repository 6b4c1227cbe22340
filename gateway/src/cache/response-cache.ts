import type { Principal } from '@app/auth';
import type { SubgraphAnswer } from '../fetch/fetcher.ts';
import { strictest } from './cache-policy.ts';
import { type Generations, isCurrent } from './generations.ts';
import type { Entry, TieredStore } from './tiered-store.ts';

/** What an answer depends on besides the data. */
export interface AskedOperation {
  /** Id of the supergraph. */
  readonly schemaId: string;
  readonly subgraphs: readonly string[];
  /** Stands for the operation's text and name. */
  readonly operationKey: string;
  /** With defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

/** Keeps a new answer, if what its subgraphs said allows it. */
export type Keep = (data: string, answers: readonly SubgraphAnswer[]) => void;

/** What is known of an operation's answer. */
export type Lookup =
  | { readonly kind: 'hit'; readonly data: string }
  | { readonly kind: 'miss'; readonly keep: Keep /** What was known of writes. */; readonly asOf: string };

/** Options of {@link createResponseCache}. */
export interface ResponseCacheOptions {
  readonly store: TieredStore;
  readonly generations: Generations;
  readonly onLookup: (result: 'hit' | 'miss' | 'error', error?: unknown) => void;
  readonly now?: () => number;
}

/** Whole answers. */
export interface ResponseCache {
  lookUp(asked: AskedOperation): Promise<Lookup>;
}

/**
 * Caches the data of whole answers: of queries without errors that every subgraph let be reused, for the shortest time that one of them said.
 * Everybody who is signed in has answers of their own; those without a sign-in share what is public.
 */
export function createResponseCache({ store, generations, onLookup, now = Date.now }: ResponseCacheOptions): ResponseCache {
  const keepNothing: Lookup = { kind: 'miss', keep: () => undefined, asOf: '' };

  return {
    lookUp: async (asked) => {
      const key = keyOf(asked);
      try {
        const [[entry], read] = await Promise.all([store.get([key]), generations.read(asked.subgraphs)]);
        const before = Object.fromEntries(asked.subgraphs.map((subgraph, index) => [subgraph, read[index] ?? '']));
        if (entry !== undefined && isCurrent(entry, before)) {
          onLookup('hit');
          return { kind: 'hit', data: entry.text };
        }
        onLookup('miss');
        return {
          kind: 'miss',
          asOf: read.join(' '),
          keep: (data, answers) => keep(key, { before, data, answers, principal: asked.principal }),
        };
      } catch (error) {
        onLookup('error', error);
        return keepNothing;
      }
    },
  };

  function keep(key: string, { before, data, answers, principal }: NewAnswer): void {
    const policy = strictest(answers.map((answer) => answer.policy));
    if (policy === undefined || (policy.scope === 'private' && principal.kind === 'anonymous')) return;
    const used = Object.fromEntries(answers.map(({ subgraph }) => [subgraph, before[subgraph] ?? '']));
    const entry: Entry = { text: data, generations: used, expiresAt: now() + policy.maxAge * 1_000, scope: policy.scope };
    store.set(new Map([[key, entry]]), (error) => onLookup('error', error));
  }
}

interface NewAnswer {
  /** Generations from before the subgraphs were asked. */
  readonly before: Readonly<Record<string, string>>;
  readonly data: string;
  readonly answers: readonly SubgraphAnswer[];
  readonly principal: Principal;
}

function keyOf({ schemaId, operationKey, variables, principal }: AskedOperation): string {
  return JSON.stringify(['response', schemaId, operationKey, variables, whoseAnswer(principal)]);
}

/** Roles are part of it: a change of rights takes effect with the next token. */
function whoseAnswer(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'service':
      return `service ${principal.id}`;
    case 'user':
      return `user ${principal.id} ${principal.scopes.toSorted().join(' ')}`;
  }
}
