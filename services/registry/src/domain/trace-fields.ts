import type { ITrace, Trace } from '@apollo/usage-reporting-protobuf';
import type { ClientKey, UsageTally } from './usage-tally.ts';

type PlanNode = NonNullable<ITrace['queryPlan']>;

const MOST_WEIGHT = 1_000_000_000;
const NAME = /^[_A-Za-z]\w{0,199}$/;

/** Counts the resolvers that a trace shows, those of subgraphs included. Returns whether anything in it failed. */
export function tallyTraceFields(tally: UsageTally, { clientName }: ClientKey, trace: ITrace): boolean {
  const weight = weightOf(trace);
  const nodes = [...(trace.root ? [trace.root] : []), ...rootsOfPlan(trace.queryPlan)];
  let hasErrors = false;
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const errors = node.error?.length ?? 0;
    if (errors > 0) hasErrors = true;
    const field = node.originalFieldName || node.responseName || '';
    if (NAME.test(node.parentType ?? '') && NAME.test(field)) {
      const tallied = tally.field(`${node.parentType}.${field}`, clientName);
      tallied.executions += weight;
      tallied.errors += errors;
    }
    nodes.push(...(node.child ?? []));
  }
  return hasErrors;
}

/** How many executions a trace stands for; none when no trace stands for so many. */
function weightOf({ fieldExecutionWeight }: ITrace): number {
  const weight = Math.round(fieldExecutionWeight || 1);
  return weight >= 0 && weight <= MOST_WEIGHT ? weight : 0;
}

/** Roots of the traces that subgraphs sent along, by way of the query plan. */
function rootsOfPlan(plan: PlanNode | null | undefined): Trace.INode[] {
  const roots: Trace.INode[] = [];
  const open: PlanNode[] = plan ? [plan] : [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const root = node.fetch?.trace?.root;
    if (root) roots.push(root);
    const { sequence, parallel, flatten, condition, defer } = node;
    const inner = [
      flatten?.node,
      condition?.ifClause,
      condition?.elseClause,
      defer?.primary?.node,
      ...(defer?.deferred ?? []).map((part) => part.node),
    ];
    open.push(...(sequence?.nodes ?? []), ...(parallel?.nodes ?? []), ...inner.filter((part) => part != null));
  }
  return roots;
}
