import type { ConditionNode, DeferNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { Condition } from './condition.ts';
import { compileFetch } from './fetch-step.ts';
import type { Step } from './run.ts';

/** What compiling a plan needs to know besides the plan. */
export interface CompileScope {
  /** Everything, `@inaccessible` types included. */
  readonly schema: GraphQLSchema;
  /** Compiles the test of a Boolean variable, with its default in this operation. */
  readonly conditionOf: (variable: string) => Condition;
}

/** Compiles a plan node whose place in the response is `path`. */
export function compileNode(node: PlanNode, path: ResponsePath, scope: CompileScope): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, path, scope.schema);
    case 'Flatten':
      return compileNode(node.node, [...path, ...node.path], scope);
    case 'Sequence':
      return inSequence(node.nodes.map((child) => compileNode(child, path, scope)));
    case 'Parallel':
      return inParallel(node.nodes.map((child) => compileNode(child, path, scope)));
    case 'Condition':
      return compileCondition(node, path, scope);
    case 'Defer':
      return compileDefer(node, path, scope);
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}

const nothing: Step = async () => undefined;

function compileCondition(node: ConditionNode, path: ResponsePath, scope: CompileScope): Step {
  const isTrue = scope.conditionOf(node.condition);
  const whenTrue = node.ifClause === undefined ? nothing : compileNode(node.ifClause, path, scope);
  const whenFalse = node.elseClause === undefined ? nothing : compileNode(node.elseClause, path, scope);
  return (run) => (isTrue(run.variables) ? whenTrue(run) : whenFalse(run));
}

/** Deferred parts follow the primary part and join the same answer: a server may always choose not to defer. */
function compileDefer(node: DeferNode, path: ResponsePath, scope: CompileScope): Step {
  const primary = node.primary.node === undefined ? [] : [compileNode(node.primary.node, path, scope)];
  const deferred = node.deferred.flatMap((part) => (part.node === undefined ? [] : [compileNode(part.node, path, scope)]));
  return inSequence([...primary, ...deferred]);
}
