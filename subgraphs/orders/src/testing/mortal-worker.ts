import { createLogger } from '@app/observability';
import type { AnyWorkflow, StepContext } from '@app/workflow';
import { buildParts } from '../app.ts';
import { readConfig } from '../config.ts';
import type { Deps } from '../service/deps.ts';
import { workflows } from '../workflows/registry.ts';
import { startWorkflows } from '../workflows/start-workflows.ts';

/**
 * A worker of orders in a process of its own: `mortal-worker.ts ENVIRONMENT EXECUTOR LEASE_MS`. Whichever worker comes to a place that stands in
 * the table `doom`, such as `place-order undo reserve-stock before`, takes it out and dies there like in a power cut.
 */
const [environment = '{}', executor = '', leaseMs = '5000'] = process.argv.slice(2);
const config = readConfig(JSON.parse(environment) as Record<string, string>);
const parts = buildParts({ config, logger: createLogger({ service: 'orders', level: 'fatal' }) });

async function pass(deps: Deps, place: string): Promise<void> {
  if ((await deps.db.$executeRaw`DELETE FROM doom WHERE place = ${place}`) > 0) process.kill(process.pid, 'SIGKILL');
}

function mortal(workflow: AnyWorkflow<Deps>): AnyWorkflow<Deps> {
  const passing = <Result>(what: string, work: (context: StepContext<Deps, unknown>) => Promise<Result>) => {
    return async (context: StepContext<Deps, unknown>): Promise<Result> => {
      await pass(context.deps, `${workflow.name} ${what} before`);
      const result = await work(context);
      await pass(context.deps, `${workflow.name} ${what} after`);
      return result;
    };
  };
  const { onRefused } = workflow;
  return {
    ...workflow,
    steps: workflow.steps.map((step) => {
      const { compensate } = step;
      const run = passing(step.name, (context) => step.run(context));
      return compensate
        ? { ...step, run, compensate: passing(`undo ${step.name}`, (context) => compensate.call(step, context)) }
        : { ...step, run };
    }),
    ...(onRefused && {
      onRefused: (context, refusal) => passing('refused', (inner) => onRefused.call(workflow, inner, refusal))(context),
    }),
  };
}

await startWorkflows(config, parts.deps, {
  workflows: workflows.map(mortal),
  executor,
  leaseMs: Number(leaseMs),
  observe: (event) => void (event.kind === 'taken-over' && process.stdout.write(`taken-over ${event.executor}\n`)),
});
process.stdout.write('ready\n');
