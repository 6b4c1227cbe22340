import type { PlanNode, ResponsePath } from '@apollo/query-planner';
import type { Condition } from './condition.ts';
import { type Branching, fetchGraph, type GraphNode } from './fetch-graph.ts';
import { compileEntityFetch, compileRootFetch, type FetchScope } from './fetch-step.ts';
import type { Run, Step } from './run.ts';

/** What compiling a plan needs to know besides the plan. */
export interface CompileScope extends FetchScope {
  /** Compiles the test of a Boolean variable, by its name in the plan, with its default in this operation. */
  readonly conditionOf: (variable: string) => Condition;
}

/** Compiles a plan node whose place in the response is `path`: each fetch starts as soon as all that it needs is there. */
export function compileNode(node: PlanNode, path: ResponsePath, scope: CompileScope): Step {
  const nodes = fetchGraph(node, path).map((graphNode) => ({ step: compileWork(graphNode, scope), needs: graphNode.needs }));
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only.step;
  return async (run) => {
    const done: Promise<unknown>[] = [];
    for (const { step, needs } of nodes) done.push(startAfter(needs, done, () => step(run)));
    await Promise.all(done);
  };
}

function startAfter(needs: readonly number[], done: readonly Promise<unknown>[], start: () => Promise<void>): Promise<unknown> {
  const [first] = needs;
  if (first === undefined) return start();
  const before = needs.length === 1 ? done[first] : Promise.all(needs.map((need) => done[need]));
  return Promise.resolve(before).then(start);
}

function compileWork({ work }: GraphNode, scope: CompileScope): Step {
  switch (work.kind) {
    case 'root':
      return announcing(work.fetch.ids, compileRootFetch(work.fetch, scope));
    case 'entities':
      return announcing(work.fetch.ids, compileEntityFetch(work.fetch, scope));
    case 'branching':
      return compileBranching(work.node, work.path, scope);
  }
}

function compileBranching(node: Branching, path: ResponsePath, scope: CompileScope): Step {
  const compile = (child: PlanNode | undefined): Step => (child === undefined ? nothing : compileNode(child, path, scope));
  if (node.kind === 'Condition') {
    const isTrue = scope.conditionOf(node.condition);
    const whenTrue = compile(node.ifClause);
    const whenFalse = compile(node.elseClause);
    return (run) => (isTrue(run.variables) ? whenTrue(run) : whenFalse(run));
  }
  // Deferred parts follow the primary part and join the same answer: a server may always choose not to defer.
  const primary = compile(node.primary.node);
  const deferred = node.deferred.map((part) => compile(part.node));
  return async (run: Run) => {
    await primary(run);
    await Promise.all(deferred.map((step) => step(run)));
  };
}

function announcing(ids: readonly string[], step: Step): Step {
  if (ids.length === 0) return step;
  return async (run) => {
    await step(run);
    for (const id of ids) run.onFetched?.(id);
  };
}

const nothing: Step = async () => undefined;
