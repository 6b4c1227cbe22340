import { type Approval, applyApprovals } from './approvals.ts';
import { findAuthorizationChanges } from './authorization-changes.ts';
import type { Budgets } from './budgets.ts';
import { findChanges } from './changes.ts';
import { compose } from './compose.ts';
import { type Finding, sortFindings } from './finding.ts';
import { type SubgraphSource, withSubgraphs } from './graph.ts';
import { lint } from './lint.ts';
import { findRegressions } from './operation-regressions.ts';
import type { RegisteredOperation } from './operations.ts';

/** What a check looks at. */
export interface CheckOptions {
  /** The graph as it is now. */
  readonly base: readonly SubgraphSource[];
  /** Subgraphs as the change has them: one or several at once. */
  readonly changed: readonly SubgraphSource[];
  /** Operations in use. */
  readonly operations: readonly RegisteredOperation[];
  readonly approvals: readonly Approval[];
  /** The most that operations may take; absent: no limits. */
  readonly budgets?: Budgets;
  readonly today: Date;
}

/** Everything a change would do to the graph and to those who use it, most urgent first. */
export async function check({ base, changed, operations, approvals, budgets = {}, today }: CheckOptions): Promise<Finding[]> {
  const next = compose(withSubgraphs(base, changed));
  const linted = changed.flatMap(lint);
  if (!next.apiSchema) return sortFindings([...next.findings, ...linted]);
  const before = base.length > 0 ? compose(base) : undefined;
  const changes = before?.apiSchema ? await findChanges({ from: before.apiSchema, to: next.apiSchema, operations }) : [];
  const compared = before?.supergraph && next.supergraph ? compare(before.supergraph, next.supergraph, { operations, budgets }) : [];
  return sortFindings(applyApprovals([...next.findings, ...changes, ...compared, ...linted], approvals, today));
}

function compare(before: string, after: string, use: { operations: readonly RegisteredOperation[]; budgets: Budgets }): Finding[] {
  return [...findAuthorizationChanges(before, after, use.operations), ...findRegressions(before, after, use)];
}
