import type { PlanNode } from '@apollo/query-planner';
import { fetchesOf } from '../plan/map-fetches.ts';
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
  readonly stage: DeferStage;
}

/** A plan in stages. */
export interface StagedPlan {
  readonly stage: DeferStage;
  /** How many fetches go by one id: more than one when the planner's was divided. */
  readonly fetches: ReadonlyMap<string, number>;
}

/** Variables choose the plan, by `@defer(if:)`. Each such plan counts its fetches from zero. */
export type StagesOf = (variables: Variables) => StagedPlan;

/** True when a plan has something to deliver later. */
export function hasDefer(node: PlanNode | undefined): boolean {
  if (node?.kind === 'Condition') return hasDefer(node.ifClause) || hasDefer(node.elseClause);
  return node?.kind === 'Defer';
}

/** Compiles a plan in stages. The planner puts `@defer` outside of everything else, and conditions on it outside of that. */
export function compileStages(node: PlanNode | undefined, scope: CompileScope): StagesOf {
  if (node?.kind === 'Condition' && hasDefer(node)) {
    const isTrue = scope.conditionOf(node.condition);
    const whenTrue = compileStages(node.ifClause, scope);
    const whenFalse = compileStages(node.elseClause, scope);
    return (variables) => (isTrue(variables) ? whenTrue(variables) : whenFalse(variables));
  }
  const plan = { stage: compileStage(node, scope), fetches: countFetches(node) };
  return () => plan;
}

function compileStage(node: PlanNode | undefined, scope: CompileScope): DeferStage {
  if (node?.kind !== 'Defer') return { primary: compileStep(node, scope), parts: [] };
  const parts = node.deferred.map((part) => ({
    planLabel: part.label ?? '',
    depends: part.depends.map(({ id }) => id),
    stage: compileStage(part.node, scope),
  }));
  return { primary: compileStep(node.primary.node, scope), parts: oneForEachLabel(parts) };
}

function countFetches(node: PlanNode | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of fetchesOf(node)) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** A fragment that root fields of a mutation spread is deferred in the plan of each; what is deferred once is delivered together. */
function oneForEachLabel(parts: readonly LaterPart[]): readonly LaterPart[] {
  return [...Map.groupBy(parts, ({ planLabel }) => planLabel)].map(([planLabel, same]) => {
    const [only] = same;
    if (only !== undefined && same.length === 1) return only;
    return { planLabel, depends: same.flatMap(({ depends }) => depends), stage: together(same.map(({ stage }) => stage)) };
  });
}

function together(stages: readonly DeferStage[]): DeferStage {
  const primary: Step = async (run) => void (await Promise.all(stages.map((stage) => stage.primary(run))));
  return { primary, parts: oneForEachLabel(stages.flatMap(({ parts }) => parts)) };
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

/** Fetches of a plan, in whichever stage, and those who wait for them. One that was divided is done when all its parts are. */
class FetchSignals {
  private readonly signals = new Map<string, PromiseWithResolvers<void>>();
  private readonly left: Map<string, number>;

  constructor(fetches: StagedPlan['fetches']) {
    this.left = new Map(fetches);
  }

  readonly announce = (id: string): void => {
    const left = (this.left.get(id) ?? 1) - 1;
    this.left.set(id, left);
    if (left === 0) this.signalOf(id).resolve();
  };

  async all(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.signalOf(id).promise));
  }

  private signalOf(id: string): PromiseWithResolvers<void> {
    const signal = this.signals.get(id) ?? Promise.withResolvers<void>();
    this.signals.set(id, signal);
    return signal;
  }
}

/** Starts the stage of a plan, and each of its parts as soon as the fetches that it depends on are done. */
export function startStages({ stage, fetches }: StagedPlan, run: Run): RunningStage {
  const signals = new FetchSignals(fetches);
  return startStage(stage, { ...run, onFetched: signals.announce }, { signals, before: Promise.resolve() });
}

interface Surroundings {
  readonly signals: FetchSignals;
  /** Settled when the primary parts of all stages around are there. */
  readonly before: Promise<unknown>;
}

function startStage({ primary, parts }: DeferStage, outer: Run, { signals, before }: Surroundings): RunningStage {
  const run: Run = { ...outer, errors: [] };
  const done = primary(run);
  const settled = Promise.all([before, done]);
  // Whoever waits for these gets the failure; when the client has gone nobody does.
  settled.catch(() => undefined);
  const started = new Map<string, Promise<RunningStage>>();
  for (const { planLabel, depends, stage } of parts) {
    // A fetch that a condition left out is not waited for longer than for everything around.
    const isReady = Promise.race([settled, signals.all(depends)]);
    const part = isReady.then(() => startStage(stage, run, { signals, before: settled }));
    part.catch(() => undefined);
    started.set(planLabel, part);
  }
  return { run, done, part: (planLabel) => started.get(planLabel) };
}
