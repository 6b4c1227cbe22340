import { createLogger } from '@app/observability';
import { mortal } from '@app/workflow/testing/mortal';
import { buildParts } from '../app.ts';
import { readConfig } from '../config.ts';
import { workflows } from '../workflows/registry.ts';
import { startWorkflows } from '../workflows/start-workflows.ts';

/**
 * A worker of orders in a process of its own: `mortal-worker.ts ENVIRONMENT EXECUTOR LEASE_MS`. Whichever worker comes to a place that stands in
 * the table `doom`, such as `place-order undo reserve-stock before`, takes it out and dies there like in a power cut.
 */
const [environment = '{}', executor = '', leaseMs = '5000'] = process.argv.slice(2);
const config = readConfig(JSON.parse(environment) as Record<string, string>);
const parts = buildParts({ config, logger: createLogger({ service: 'orders', level: 'fatal' }) });

async function pass(place: string): Promise<void> {
  if ((await parts.db.$executeRaw`DELETE FROM doom WHERE place = ${place}`) > 0) process.kill(process.pid, 'SIGKILL');
}

await startWorkflows(config, parts.deps, {
  workflows: workflows.map((workflow) => mortal(workflow, pass)),
  executor,
  leaseMs: Number(leaseMs),
  observe: (event) => void (event.kind === 'taken-over' && process.stdout.write(`taken-over ${event.executor}\n`)),
});
process.stdout.write('ready\n');
