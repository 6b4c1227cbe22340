import type { RunStep } from './run.ts';
import { refusedName, undoName } from './saga.ts';
import type { StepResult } from './step.ts';

const outcomes = { done: 'DONE', refused: 'REFUSED', wait: 'WAITED' } as const satisfies Record<StepResult['kind'], RunStep['outcome']>;

/** A line of DBOS's books. */
interface Recorded {
  readonly name: string;
  readonly output: unknown;
  readonly startedAtEpochMs?: number | undefined;
  readonly completedAtEpochMs?: number | undefined;
}

/** The books of a run in our words. */
export function stepsOf(recorded: readonly Recorded[]): RunStep[] {
  return recorded.flatMap(({ name, output, startedAtEpochMs, completedAtEpochMs }) => {
    if (name.startsWith('DBOS.') || !isStepResult(output)) return [];
    const isUndone = name.startsWith(undoName('')) || name === refusedName;
    return [
      {
        name: name.startsWith(undoName('')) ? name.slice(undoName('').length) : name,
        outcome: isUndone ? 'COMPENSATED' : outcomes[output.kind],
        startedAt: timeOf(startedAtEpochMs),
        endedAt: timeOf(completedAtEpochMs),
      },
    ];
  });
}

function isStepResult(output: unknown): output is StepResult {
  return typeof output === 'object' && output !== null && 'kind' in output && typeof output.kind === 'string' && output.kind in outcomes;
}

function timeOf(epochMs: number | undefined): Date | null {
  return epochMs === undefined ? null : new Date(epochMs);
}
