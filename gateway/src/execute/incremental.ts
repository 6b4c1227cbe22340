import type { FetchContext } from '../fetch/fetcher.ts';
import type { DeferredAnswer, DeliveredPart, Delivery, PendingPart } from '../schema/deferred-answer.ts';
import type { CompiledPlan } from './compile-plan.ts';
import { type RunningStage, startStages } from './defer-stage.ts';
import { reported, type Written, written } from './execute.ts';
import type { ExecutionOptions, ResponseError } from './execution-types.ts';
import { startRun } from './run.ts';
import type { DeferredPart, ShapeState } from './shape-state.ts';

/** A response in parts; nothing is pending when all of it could be answered at once. */
export interface IncrementalOutcome extends Written, DeferredAnswer<ResponseError> {}

/** Runs a compiled plan and answers what is not deferred as soon as it is there. */
export async function executeIncrementally<Context extends FetchContext>(
  compiled: CompiledPlan,
  options: ExecutionOptions<Context>,
): Promise<IncrementalOutcome> {
  const { deferred } = compiled;
  if (deferred === undefined) throw new Error('This plan defers nothing.');
  const stage = startStages(deferred.stages(options.variables), startRun(options));
  await stage.done;
  const queue = new DeliveryQueue(compiled, options.variables);
  const state: ShapeState = { variables: options.variables, indexes: [], errors: [], deferred: [] };
  const data = written(deferred.shape(stage.run.root, state));
  const pending = queue.add([{ data, path: [], left: state.deferred ?? [] }], [stage]);
  return { data, ...reported(compiled, stage.run.errors, state.errors), pending, deliveries: queue.deliver() };
}

/** A piece of the response, and the parts that were left in it for later. */
interface Piece {
  /** As the client has it. */
  readonly data: string;
  readonly path: readonly (string | number)[];
  readonly left: readonly DeferredPart[];
}

/** Parts of one `@defer`: they are there at the same time. */
interface Group {
  readonly parts: readonly (DeferredPart & PendingPart)[];
  readonly stages: readonly RunningStage[];
  /** Whether the first stage is this group's own, whose errors are its errors. */
  readonly isOwnStage: boolean;
}

class DeliveryQueue {
  private readonly compiled: CompiledPlan;
  private readonly variables: ShapeState['variables'];
  private readonly waiting = new Map<object, Promise<readonly [key: object, group: Group]>>();
  private count = 0;

  constructor(compiled: CompiledPlan, variables: ShapeState['variables']) {
    this.compiled = compiled;
    this.variables = variables;
  }

  /** Adds the parts that were left in pieces of the response, without those whose place became null. */
  add(pieces: readonly Piece[], stages: readonly RunningStage[]): readonly PendingPart[] {
    const parts = pieces.flatMap(partsThere).map((part) => ({ ...part, id: String(this.count++) }));
    for (const group of Map.groupBy(parts, ({ planLabel }) => planLabel).values()) this.wait(group, stages);
    return parts.map(({ id, label, path }) => ({ id, label, path }));
  }

  async *deliver(): AsyncGenerator<Delivery<ResponseError>, void> {
    while (this.waiting.size > 0) {
      const [key, group] = await Promise.race(this.waiting.values());
      this.waiting.delete(key);
      const { parts, pending } = this.write(group);
      yield { parts, pending, hasNext: this.waiting.size > 0 };
    }
  }

  private wait(parts: Group['parts'], stages: readonly RunningStage[]): void {
    const key = {};
    const [{ planLabel } = { planLabel: '' }] = parts;
    const own = stages.map((stage) => stage.part(planLabel)).find((part) => part !== undefined);
    const ready = async (): Promise<readonly [object, Group]> => {
      const stage = await own;
      await stage?.done;
      return [key, { parts, stages: stage === undefined ? stages : [stage, ...stages], isOwnStage: stage !== undefined }];
    };
    const waited = ready();
    // Whoever waits for it gets the failure; when the client has gone nobody does.
    waited.catch(() => undefined);
    this.waiting.set(key, waited);
  }

  private write({ parts, stages, isOwnStage }: Group): Pick<Delivery<ResponseError>, 'parts' | 'pending'> {
    const fromSubgraphs = isOwnStage ? (stages[0]?.run.errors ?? []) : [];
    const { errors: told } = reported(this.compiled, fromSubgraphs, []);
    const errorsOf = byPart(told, parts);
    const depth = parts.reduce((least, { path }) => Math.min(least, path.length), Number.POSITIVE_INFINITY);
    const above = told.filter(({ path = [] }) => path.length < depth);
    const pieces: Piece[] = [];
    const delivered = parts.map((part): DeliveredPart<ResponseError> => {
      const { id, label, path } = part;
      const state: ShapeState = { variables: this.variables, indexes: [...part.indexes], errors: [], deferred: [] };
      const data = written(part.write(state));
      pieces.push({ data, path, left: state.deferred ?? [] });
      const own = errorsOf.get(part) ?? (told.length === 0 ? state.errors : []);
      if (own.length > 0 || data !== 'null') return { id, label, path, data, errors: own };
      // A part without data has to say why, also when another one said it already.
      const reason = above.find((error) => error.path?.every((element, index) => path[index] === element) ?? true);
      return { id, label, path, data, errors: reason === undefined ? state.errors : [reason] };
    });
    // All at once: the parts of one `@defer` are there at the same time, whichever part around they were found in.
    return { parts: delivered, pending: this.add(pieces, stages) };
  }
}

/**
 * The errors of each part: those whose path leads through it, and for the first that stands below a path those that end above. What belongs to
 * none is about a place that became null, for which there is an error already.
 */
function byPart<Part extends DeferredPart>(
  errors: readonly ResponseError[],
  parts: readonly Part[],
): Map<Part | undefined, ResponseError[]> {
  const [at, above] = [new Map<string, Part>(), new Map<string, Part>()];
  for (const part of parts.toReversed()) {
    at.set(JSON.stringify(part.path), part);
    for (const depth of part.path.keys()) above.set(JSON.stringify(part.path.slice(0, depth)), part);
  }
  // Mostly one: a path from a subgraph may be of any length.
  const depths = [...new Set(parts.map(({ path }) => path.length))].sort((a, b) => a - b);
  return Map.groupBy(errors, ({ path = [] }) => {
    const around = depths.filter((depth) => depth <= path.length).map((depth) => at.get(JSON.stringify(path.slice(0, depth))));
    return around.find((part) => part !== undefined) ?? above.get(JSON.stringify(path));
  });
}

function partsThere({ data, path, left }: Piece): readonly DeferredPart[] {
  if (left.length === 0) return [];
  const tree: unknown = JSON.parse(data);
  return left.filter((part) => isThere(tree, part.path.slice(path.length)));
}

function isThere(tree: unknown, path: readonly (string | number)[]): boolean {
  let value = tree;
  for (const element of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = Object.hasOwn(value, element) ? (value as Record<string | number, unknown>)[element] : undefined;
  }
  return value !== null && value !== undefined;
}
