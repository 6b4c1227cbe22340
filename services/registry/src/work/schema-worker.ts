import { parentPort } from 'node:worker_threads';
import { UsageError } from '@app/schema-registry/work';
import { GraphQLError } from 'graphql';
import { type JobMessage, type JobOutcome, schemaJobs } from './schema-jobs.ts';

/** The body of the thread: one job after the other. */
parentPort?.on('message', async ({ name, input }: JobMessage) => {
  const outcome = await run(schemaJobs[name] as (input: unknown) => Promise<unknown>, input);
  parentPort?.postMessage(outcome);
});

parentPort?.postMessage({ kind: 'ready' } satisfies JobOutcome);

async function run(job: (input: unknown) => Promise<unknown>, input: unknown): Promise<JobOutcome> {
  try {
    return { kind: 'done', result: await job(input) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, isUsage: error instanceof UsageError || error instanceof GraphQLError };
  }
}
