import type { FetchContext } from '../fetch/fetcher.ts';
import type { CompiledPlan } from './compile-plan.ts';
import type { ExecutionOptions, ExecutionOutcome, ResponseError } from './execution-types.ts';
import { startRun } from './run.ts';
import type { ShapeState } from './shape-state.ts';

/** Runs a compiled plan for callers that need objects. */
export async function execute<Context extends FetchContext>(
  compiled: CompiledPlan,
  options: ExecutionOptions<Context>,
): Promise<ExecutionOutcome> {
  const { data: json, ...found } = await executeToData(compiled, options);
  const errors = [...found.errors, ...found.unwritable];
  const data: ExecutionOutcome['data'] = JSON.parse(json);
  return errors.length === 0 ? { data } : { data, errors };
}

/** The parts of a response. */
export interface Written {
  /** The response's `data` as JSON. */
  readonly data: string;
  readonly errors: readonly ResponseError[];
  /** Values that could not be written, each null in `data` up to what may be null; empty when a subgraph reported errors, which explain them. */
  readonly unwritable: readonly ResponseError[];
}

/** Runs a compiled plan for callers that write the response themselves. */
export async function executeToData<Context extends FetchContext>(
  compiled: CompiledPlan,
  options: ExecutionOptions<Context>,
): Promise<Written> {
  const current = startRun(options);
  if (compiled.fetch !== undefined) await compiled.fetch(current);
  const state: ShapeState = { variables: options.variables, indexes: [], errors: [] };
  const data = written(compiled.shape(current.root, state));
  return { data, ...reported(compiled, current.errors, state.errors) };
}

/** What a subgraph reported explains the nulls it left; values found unusable here are news only without such a report. */
export function reported(
  compiled: CompiledPlan,
  fromSubgraphs: readonly ResponseError[],
  unwritable: readonly ResponseError[],
): Pick<Written, 'errors' | 'unwritable'> {
  if (fromSubgraphs.length === 0) return { errors: [], unwritable };
  return { errors: fromSubgraphs.map((error) => named(error, compiled)), unwritable: [] };
}

/** The JSON of an object that was written, or of the null in its place. */
export function written(text: string | undefined): string {
  return flat(text ?? 'null');
}

/** Subgraphs report errors at the keys of the plan. */
function named(error: ResponseError, { keys }: CompiledPlan): ResponseError {
  if (error.path === undefined) return error;
  const { path: planned, ...rest } = error;
  const path = keys.clientPathOf(planned);
  return path === undefined ? rest : { ...rest, path };
}

/**
 * The same text as one piece of memory. V8 keeps a text that was put together from thousands of pieces as a tree of them until somebody reads
 * its characters, which a number's parser does; whoever only passes it on keeps the tree, and the garbage collector walks it (measured: a
 * quarter of all CPU time).
 */
function flat(text: string): string {
  Number(text);
  return text;
}
