import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { parse } from 'graphql';
import { planBuilder } from './build-plan.ts';
import type { PlanJob, PlanOutcome } from './plan-messages.ts';
import { UnanswerableError } from './unanswerable.ts';

/** Where there is one core only, requests that have a plan come first; planning still gets a tenth of it. */
const NICENESS = 10;

/** The body of the planning thread: plans one operation after the other. */
function serve(): void {
  if (parentPort === null) throw new Error('This module runs as a worker thread.');
  const port = parentPort;
  // On Linux this is about the calling thread alone (setpriority(2), "C library/kernel differences"); elsewhere it would be about the process.
  if (process.platform === 'linux' && getPriority() < NICENESS) setPriority(NICENESS);
  const buildPlan = planBuilder(String(workerData));
  port.on('message', ({ query, operationName, activeLabels }: PlanJob) =>
    port.postMessage(outcomeOf(() => buildPlan(parse(query, { noLocation: true }), operationName, activeLabels))),
  );
  port.postMessage({ kind: 'ready' } satisfies PlanOutcome);
}

function outcomeOf(build: () => QueryPlan): PlanOutcome {
  try {
    return { kind: 'planned', text: JSON.stringify(build()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', message, isTold: error instanceof UnanswerableError };
  }
}

serve();
