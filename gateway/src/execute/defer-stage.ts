import type { PlanNode } from '@apollo/query-planner';
import { type CompileScope, compileNode } from './compile-node.ts';
import type { Run, Step } from './run.ts';
import type { Variables } from './variables.ts';

/** What a plan fetches first, and the parts that it fetches later. */
export interface DeferStage {
  readonly primary: Step;
  readonly parts: readonly LaterPart[];
}

/** A part of a plan that was deferred. */
export interface LaterPart {
  /** Names the `@defer` that it fetches for. */
  readonly planLabel: string;
  /** Fetches of what is around it that it needs. */
  readonly depends: readonly string[];
  readonly stage: StageOf;
}

/** Stages may depend on variables, by `@defer(if:)`. */
export type StageOf = (variables: Variables) => DeferStage;

/** True when a plan has something to deliver later. */
export function hasDefer(node: PlanNode | undefined): boolean {
  if (node?.kind === 'Condition') return hasDefer(node.ifClause) || hasDefer(node.elseClause);
  return node?.kind === 'Defer';
}

/** Compiles a plan in stages. The planner puts `@defer` outside of everything else, and conditions on it outside of that. */
export function compileStage(node: PlanNode | undefined, scope: CompileScope): StageOf {
  if (node?.kind === 'Condition' && hasDefer(node)) {
    const isTrue = scope.conditionOf(node.condition);
    const whenTrue = compileStage(node.ifClause, scope);
    const whenFalse = compileStage(node.elseClause, scope);
    return (variables) => (isTrue(variables) ? whenTrue(variables) : whenFalse(variables));
  }
  if (node?.kind !== 'Defer') {
    const stage = { primary: compileStep(node, scope), parts: [] };
    return () => stage;
  }
  const parts = node.deferred.map((part) => ({
    planLabel: part.label ?? '',
    depends: part.depends.map(({ id }) => id),
    stage: compileStage(part.node, scope),
  }));
  const stage = { primary: compileStep(node.primary.node, scope), parts };
  return () => stage;
}

function compileStep(node: PlanNode | undefined, scope: CompileScope): Step {
  return node === undefined ? async () => undefined : compileNode(node, [], scope);
}

/** A stage under way. */
export interface RunningStage {
  /** Has the errors of this stage alone. */
  readonly run: Run;
  /** Settled when the primary part is there. */
  readonly done: Promise<void>;
  /** The deferred part for a `@defer`; undefined when the plan has none, because its fields come with the primary part. */
  readonly part: (planLabel: string) => Promise<RunningStage> | undefined;
}

/** Starts a stage, and each of its parts as soon as the fetches that it depends on are done. */
export function startStage({ primary, parts }: DeferStage, before: Run): RunningStage {
  const fetched = new Map<string, () => void>();
  const waits = new Map(parts.flatMap((part) => part.depends).map((id) => [id, new Promise<void>((done) => fetched.set(id, done))]));
  const run: Run = { ...before, errors: [], onFetched: (id) => fetched.get(id)?.() };
  const done = primary(run);
  const started = new Map<string, Promise<RunningStage>>();
  for (const { planLabel, depends, stage } of parts) {
    // A fetch that is not in this stage, or that a condition left out, is not waited for longer than for the whole stage.
    const isReady = Promise.race([done, Promise.all(depends.map((id) => waits.get(id)))]);
    const part = isReady.then(() => startStage(stage(run.variables), run));
    // Whoever waits for it gets the failure; when the client has gone nobody does.
    part.catch(() => undefined);
    started.set(planLabel, part);
  }
  return { run, done, part: (planLabel) => started.get(planLabel) };
}
