import type { Budgets } from './budgets.ts';
import { loadSupergraph } from './compose.ts';
import type { Finding } from './finding.ts';
import { type OperationFigures, operationFigures } from './operation-figures.ts';
import type { RegisteredOperation } from './operations.ts';

/** An operation that costs this many times as much as before fails a check, whatever its budget. */
const TOO_MUCH = 2;

const words: Readonly<Record<keyof OperationFigures, string>> = {
  cost: 'costs',
  fetches: 'needs subgraph calls:',
  depth: 'waits for calls one after the other:',
};

/**
 * Registered operations that a change makes dearer: an error when the cost doubles or a figure goes over its budget, a warning otherwise. What was
 * over its budget before and did not grow is not this change's fault.
 */
export function findRegressions(
  beforeSdl: string,
  afterSdl: string,
  { operations, budgets }: { operations: readonly RegisteredOperation[]; budgets: Budgets },
): Finding[] {
  if (beforeSdl === afterSdl) return [];
  const [before, after] = [operationFigures(loadSupergraph(beforeSdl)), operationFigures(loadSupergraph(afterSdl))];
  return operations.flatMap((operation) => {
    const [was, is] = [before(operation.document), after(operation.document)];
    if (was === undefined || is === undefined) return [];
    const limits = { ...budgets['*'], ...budgets[operation.name] };
    return (Object.keys(words) as (keyof OperationFigures)[])
      .filter((figure) => is[figure] > was[figure])
      .map((figure) => regression(operation, figure, { was: was[figure], is: is[figure], limit: limits[figure] }));
  });
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
