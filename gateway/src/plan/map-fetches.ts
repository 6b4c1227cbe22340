import { type FetchNode, isPlanNode, type PlanNode, type QueryPlan } from '@apollo/query-planner';

/** Puts other fetches in the place of each fetch of a plan; several then run side by side. */
export function mapFetches(plan: QueryPlan, change: (fetch: FetchNode) => readonly FetchNode[]): QueryPlan {
  const { node } = plan;
  return node !== undefined && isPlanNode(node) ? { ...plan, node: mapNode(node, change) } : plan;
}

function mapNode(node: PlanNode, change: (fetch: FetchNode) => readonly FetchNode[]): PlanNode {
  const map = <N extends PlanNode | undefined>(child: N) => (child === undefined ? child : mapNode(child, change));
  switch (node.kind) {
    case 'Fetch': {
      const [first = node, ...others] = change(node);
      return others.length === 0 ? first : { kind: 'Parallel', nodes: [first, ...others] };
    }
    case 'Flatten':
      return { ...node, node: mapNode(node.node, change) };
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => mapNode(child, change)) };
    case 'Condition':
      return { ...node, ifClause: map(node.ifClause), elseClause: map(node.elseClause) };
    case 'Defer':
      return {
        ...node,
        primary: { ...node.primary, node: map(node.primary.node) },
        deferred: node.deferred.map((part) => ({ ...part, node: map(part.node) })),
      };
  }
}

/** All fetches below a plan node. */
export function fetchesOf(node: PlanNode | undefined): FetchNode[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Fetch':
      return [node];
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap(fetchesOf);
    case 'Defer':
      return [node.primary, ...node.deferred].flatMap((part) => fetchesOf(part.node));
  }
}
