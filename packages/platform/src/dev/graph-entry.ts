/*
 * Composes and checks the working copy in a process that has composition loaded. Runs at the root of the repository.
 */
import {
  compose,
  type Finding,
  FolderStore,
  formatReport,
  hasErrors,
  readApprovals,
  readBudgets,
  readGraph,
  UsageError,
} from '@app/schema-registry';
import type { GraphAnswer, GraphQuestion } from './graph-desk.ts';

const CONFIG = 'supergraph.yaml';
const REGISTRY = 'registry';

process.on('message', (question: GraphQuestion) => {
  answer(question).then(send, (error: unknown) => send(failed(error)));
});

async function answer(question: GraphQuestion): Promise<GraphAnswer> {
  if (question.kind === 'compose') {
    const { supergraph, findings } = compose(readGraph(CONFIG));
    return { supergraph, ...reportOf(findings) };
  }
  const findings = await new FolderStore(REGISTRY).check({
    changed: readGraph(CONFIG),
    approvals: readApprovals(`${REGISTRY}/approvals.yaml`),
    budgets: readBudgets(`${REGISTRY}/budgets.yaml`),
    today: new Date(),
  });
  return { supergraph: null, ...reportOf(findings) };
}

function reportOf(findings: readonly Finding[]): Pick<GraphAnswer, 'report' | 'isFine'> {
  return { report: findings.length === 0 ? '' : formatReport(findings, 'text'), isFine: !hasErrors(findings) };
}

function failed(error: unknown): GraphAnswer {
  const report = error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error);
  return { supergraph: null, report: `${report}\n`, isFine: false };
}

function send(message: GraphAnswer): void {
  process.send?.(message);
}
