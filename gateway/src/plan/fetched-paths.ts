import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { getOperationAST, Kind, parse, type SelectionSetNode } from 'graphql';

/** Places in a response, without list positions and types. */
export class PathSet {
  private readonly paths = new Set<string>();

  add(path: readonly string[]): void {
    this.paths.add(path.join(' '));
  }

  has(path: readonly string[]): boolean {
    return this.paths.has(path.join(' '));
  }

  /** What stands under `from` stands under `to` too. */
  rename(from: readonly string[], to: readonly string[]): void {
    const [before, after] = [from.join(' '), to.join(' ')];
    for (const path of [...this.paths]) {
      if (path === before || path.startsWith(`${before} `)) this.paths.add(after + path.slice(before.length));
    }
  }
}

/** Every place that a plan fetches. */
export function fetchedPaths({ node }: QueryPlan): PathSet {
  const fetched = new PathSet();
  if (node?.kind === 'Subscription') {
    collectFetch(node.primary, [], fetched);
    if (node.rest) collectPaths(node.rest, [], fetched);
  } else if (node) collectPaths(node, [], fetched);
  return fetched;
}

function collectPaths(node: PlanNode, path: readonly string[], fetched: PathSet): void {
  switch (node.kind) {
    case 'Fetch':
      collectFetch(node, path, fetched);
      return;
    case 'Flatten':
      collectPaths(node.node, [...path, ...node.path.map(String).filter((element) => element !== '@')], fetched);
      return;
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) collectPaths(child, path, fetched);
      return;
    case 'Condition':
      for (const child of [node.ifClause, node.elseClause]) if (child) collectPaths(child, path, fetched);
      return;
    case 'Defer':
      for (const part of [node.primary, ...node.deferred]) if (part.node) collectPaths(part.node, path, fetched);
  }
}

function collectFetch(fetch: FetchNode, path: readonly string[], fetched: PathSet): void {
  const document = parse(fetch.operation, { noLocation: true });
  const operation = getOperationAST(document, fetch.operationName);
  const walk = (set: SelectionSetNode | undefined, at: readonly string[]): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, at);
      else {
        const inner = [...at, selection.alias?.value ?? selection.name.value];
        fetched.add(inner);
        walk(selection.selectionSet, inner);
      }
    }
  };
  const roots = operation?.selectionSet.selections ?? [];
  if (fetch.requires === undefined) walk(operation?.selectionSet, path);
  else for (const root of roots) if (root.kind === Kind.FIELD) walk(root.selectionSet, path);
  for (const rewrite of fetch.outputRewrites ?? []) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const keys = rewrite.path.filter((element) => !element.startsWith('... on ') && element !== '@');
    fetched.rename([...path, ...keys], [...path, ...keys.slice(0, -1), rewrite.renameKeyTo]);
  }
}
