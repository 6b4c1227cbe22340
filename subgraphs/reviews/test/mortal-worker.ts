import { createLogger } from '@app/observability';
import { mortal } from '@app/workflow/testing/mortal';
import { openDatabase } from '../src/data/client.ts';
import type { ModerationDeps } from '../src/service/moderation-steps.ts';
import { workflows } from '../src/workflows/registry.ts';
import { startWorkflows } from '../src/workflows/start-workflows.ts';

/**
 * A worker of reviews in a process of its own: `mortal-worker.ts DATABASE_URL EXECUTOR LEASE_MS`. Whichever worker comes to a place that stands
 * in the table `doom`, such as `moderate-review announce after`, takes it out and dies there like in a power cut.
 */
const [url = '', executor = '', leaseMs = '5000'] = process.argv.slice(2);
const db = openDatabase(url);
const deps: ModerationDeps = { db, now: () => new Date(), remindAfterMs: 3_600_000, alarm: () => undefined };

async function pass(place: string): Promise<void> {
  if ((await db.$executeRaw`DELETE FROM doom WHERE place = ${place}`) > 0) process.kill(process.pid, 'SIGKILL');
}

await startWorkflows({
  url,
  deps,
  logger: createLogger({ service: 'reviews', level: 'fatal' }),
  workflows: workflows.map((workflow) => mortal(workflow, pass)),
  executor,
  leaseMs: Number(leaseMs),
  observe: (event) => void (event.kind === 'taken-over' && process.stdout.write(`taken-over ${event.executor}\n`)),
});
process.stdout.write('ready\n');
