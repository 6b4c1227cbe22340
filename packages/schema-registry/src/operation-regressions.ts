import type { Budgets } from './budgets.ts';
import { loadSupergraph } from './compose.ts';
import type { AffectedOperation, Finding } from './finding.ts';
import { type Look, type OperationFigures, operationFigures } from './operation-figures.ts';
import type { RegisteredOperation } from './operations.ts';

/** An operation that costs this many times as much as before fails a check, whatever its budget. */
const TOO_MUCH = 2;

const words: Readonly<Record<keyof OperationFigures, string>> = {
  cost: 'costs',
  fetches: 'needs subgraph calls:',
  depth: 'waits for calls one after the other:',
};

/** What operations are held to. */
export interface RegressionOptions {
  readonly operations: readonly RegisteredOperation[];
  readonly budgets: Budgets;
  /** Told how many operations were planned. */
  readonly onPlanned?: (count: number) => void;
  /** Whether those that were not planned yet should not be. */
  readonly isTimeUp?: () => boolean;
}

/**
 * Registered operations that a change makes dearer: an error when the cost doubles or a figure goes over its budget, a warning otherwise. What was
 * over its budget before and did not grow is not this change's fault. Those that are sent most come first, since there may not be time for all.
 */
export function findRegressions(
  beforeSdl: string,
  afterSdl: string,
  { operations, budgets, onPlanned, isTimeUp = () => false }: RegressionOptions,
): Finding[] {
  if (beforeSdl === afterSdl) return [];
  const [before, after] = [operationFigures(loadSupergraph(beforeSdl)), operationFigures(loadSupergraph(afterSdl))];
  const sorted = [...operations].sort((left, right) => requestsOf(right) - requestsOf(left));
  let planned = 0;
  const found = sorted.flatMap((operation) => {
    if (isTimeUp()) return [];
    const [was, is] = [before(operation), after(operation)];
    planned += 1;
    onPlanned?.(planned);
    if (was.kind !== 'measured') return [];
    if (is.kind !== 'measured') return [broken(operation, is)];
    const limits = { ...budgets['*'], ...budgets[operation.name] };
    return (Object.keys(words) as (keyof OperationFigures)[])
      .filter((figure) => is.figures[figure] > was.figures[figure])
      .map((figure) => regression(operation, figure, { was: was.figures[figure], is: is.figures[figure], limit: limits[figure] }));
  });
  return planned < sorted.length ? [...found, notPlanned(sorted.length - planned, sorted.length)] : found;
}

/** Of those that nobody counts, nothing is known. */
function requestsOf({ requests = Number.MAX_SAFE_INTEGER }: RegisteredOperation): number {
  return requests;
}

function notPlanned(count: number, all: number): Finding {
  return {
    severity: 'warning',
    code: 'OPERATIONS_NOT_PLANNED',
    message: `There was no time for ${count} of ${all} operations: whether they get dearer is not known.`,
    wayOut: 'Look at fewer: --min-requests, --window and --exclude-client say which.',
  };
}

/** Operations that no longer work for a reason that no single change tells, such as fields that must now merge and cannot. */
export function withoutTold(regressions: readonly Finding[], changes: readonly Finding[]): Finding[] {
  const told = new Set(changes.filter(({ severity }) => severity === 'error').flatMap(({ operations = [] }) => operations.map(keyOf)));
  return regressions.filter(
    ({ code, operations = [] }) => code !== 'OPERATION_INVALID' || !operations.every((one) => told.has(keyOf(one))),
  );
}

/** Clients give the same name to different operations. */
function keyOf({ name, clients, lastSeen }: AffectedOperation): string {
  return JSON.stringify([name, clients, lastSeen]);
}

function broken({ name, clients, lastSeen }: RegisteredOperation, { kind, message }: Exclude<Look, { kind: 'measured' }>): Finding {
  return {
    severity: 'error',
    code: kind === 'invalid' ? 'OPERATION_INVALID' : 'OPERATION_UNPLANNABLE',
    message: kind === 'invalid' ? `${name} no longer fits the schema: ${message}` : `No plan answers ${name} any more: ${message}`,
    coordinate: name,
    operations: [{ name, clients, lastSeen }],
    wayOut: 'Move the clients that send it first, or take back the part of the change that breaks it.',
  };
}

interface Growth {
  readonly was: number;
  readonly is: number;
  readonly limit: number | undefined;
}

function regression({ name, clients, lastSeen }: RegisteredOperation, figure: keyof OperationFigures, { was, is, limit }: Growth): Finding {
  const isOver = limit !== undefined && is > limit;
  const hasDoubled = figure === 'cost' && is >= was * TOO_MUCH;
  return {
    severity: isOver || hasDoubled ? 'error' : 'warning',
    code: isOver ? 'OPERATION_OVER_BUDGET' : `OPERATION_${figure.toUpperCase()}_GROWN`,
    message: `${name} ${words[figure]} ${is}, before ${was}${limit === undefined ? '' : `; its budget is ${limit}`}.`,
    coordinate: name,
    operations: [{ name, clients, lastSeen }],
    wayOut:
      'Look at its plan: a smaller default page, @listSize, or a key that saves a call; or raise the budget, or approve it with a reason.',
  };
}
