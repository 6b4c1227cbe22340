import { DBOSJSON, deserializeValue } from '@dbos-inc/dbos-sdk/internal/serialization';
import type { RunStep } from './run.ts';
import { refusedName, undoName } from './saga.ts';
import type { Sql } from './sql.ts';
import type { StepResult } from './step.ts';

const outcomes = { done: 'DONE', refused: 'REFUSED', wait: 'WAITED' } as const satisfies Record<StepResult['kind'], RunStep['outcome']>;

interface Line {
  readonly id: string;
  readonly name: string;
  readonly output: string | null;
  readonly serialization: string | null;
  readonly began: string | null;
  readonly ended: string | null;
}

/** The steps that runs have behind them, by run, in one statement. */
export async function listSteps(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, RunStep[]>> {
  const lines = await sql<Line>(
    `SELECT workflow_uuid AS id, function_name AS name, output, serialization,
       started_at_epoch_ms::text AS began, completed_at_epoch_ms::text AS ended
     FROM dbos.operation_outputs WHERE workflow_uuid = ANY($1) AND error IS NULL ORDER BY workflow_uuid, function_id`,
    [[...ids]],
  );
  const steps = new Map<string, RunStep[]>(ids.map((id) => [id, []]));
  for (const { id, name, output, serialization, began, ended } of lines) {
    const startedAtEpochMs = began === null ? undefined : Number(began);
    const completedAtEpochMs = ended === null ? undefined : Number(ended);
    const made = await deserializeValue(output, serialization, DBOSJSON);
    steps.get(id)?.push(...stepsOf([{ name, output: made, startedAtEpochMs, completedAtEpochMs }]));
  }
  return steps;
}

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
