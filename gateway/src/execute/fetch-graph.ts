import type { PlanNode, ResponsePath } from '@apollo/query-planner';
import { describeFetch, type EntityFetch, type RootFetch } from './fetch-description.ts';
import { mergeEntityFetches, mergeKey } from './merge-fetches.ts';

/** Plan nodes that decide at run time what is fetched: they stay as they are, with their own graphs inside. */
export type Branching = Extract<PlanNode, { kind: 'Condition' | 'Defer' }>;

/** What one node of a graph does. */
export type Work =
  | { readonly kind: 'root'; readonly fetch: RootFetch }
  | { readonly kind: 'entities'; readonly fetch: EntityFetch }
  | { readonly kind: 'branching'; readonly node: Branching; readonly path: ResponsePath };

/** A node and the nodes whose answers it needs, by their index. Nodes stand after everything they need. */
export interface GraphNode {
  readonly work: Work;
  readonly needs: readonly number[];
}

interface Draft {
  work: Work;
  readonly needs: Set<Draft>;
  /** Requests that must be answered before this one can be made. */
  readonly level: number;
}

/**
 * Turns a plan's tree of sequences and parallels into a graph, and merges entity fetches that ask one subgraph for the same at one
 * level into one request. What a plan asks for in sixteen requests because the same types are reached along many paths, becomes a few.
 */
export function fetchGraph(plan: PlanNode, path: ResponsePath): GraphNode[] {
  const drafts: Draft[] = [];
  draft(plan, { path, after: [], drafts });
  const merged = mergeByLevel(drafts).sort((a, b) => a.level - b.level);
  const indexes = new Map(merged.map((item, index) => [item, index]));
  return merged.map(({ work, needs }) => ({ work, needs: [...needs].flatMap((need) => indexes.get(need) ?? []) }));
}

interface Drafting {
  readonly path: ResponsePath;
  /** What must be answered before. */
  readonly after: readonly Draft[];
  readonly drafts: Draft[];
}

/** Adds a plan node to the drafts and returns what must be answered for it to be done. */
function draft(node: PlanNode, { path, after, drafts }: Drafting): readonly Draft[] {
  switch (node.kind) {
    case 'Fetch': {
      const fetch = describeFetch(node, path);
      return [add('requires' in fetch ? { kind: 'entities', fetch } : { kind: 'root', fetch })];
    }
    case 'Flatten':
      return draft(node.node, { path: [...path, ...node.path], after, drafts });
    case 'Sequence':
      return node.nodes.reduce<readonly Draft[]>((before, child) => draft(child, { path, after: before, drafts }), after);
    case 'Parallel':
      return node.nodes.flatMap((child) => draft(child, { path, after, drafts }));
    case 'Condition':
    case 'Defer':
      return [add({ kind: 'branching', node, path })];
  }

  function add(work: Work): Draft {
    const item = { work, needs: new Set(after), level: 1 + Math.max(-1, ...after.map(({ level }) => level)) };
    drafts.push(item);
    return item;
  }
}

function mergeByLevel(drafts: readonly Draft[]): Draft[] {
  const groups = Map.groupBy(drafts, ({ work, level }) => (work.kind === 'entities' ? `${level} ${mergeKey(work.fetch)}` : level));
  const replacements = new Map<Draft, Draft>();
  const kept: Draft[] = [];
  for (const group of groups.values()) {
    const entities = group.flatMap((item) => (item.work.kind === 'entities' ? [{ item, fetch: item.work.fetch }] : []));
    const [first] = entities;
    if (first === undefined || entities.length === 1) {
      kept.push(...group);
      continue;
    }
    const needs = new Set(entities.flatMap(({ item }) => [...item.needs]));
    const merged: Draft = {
      work: { kind: 'entities', fetch: mergeEntityFetches(entities.map(({ fetch }) => fetch)) },
      needs,
      level: first.item.level,
    };
    for (const { item } of entities) replacements.set(item, merged);
    kept.push(merged);
  }
  for (const { needs } of kept) {
    for (const need of [...needs]) {
      const replacement = replacements.get(need);
      if (replacement === undefined) continue;
      needs.delete(need);
      needs.add(replacement);
    }
  }
  return kept;
}
