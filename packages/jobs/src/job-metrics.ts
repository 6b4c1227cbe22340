import type { Metrics } from '@app/observability';
import type { JobQueue } from './job-queue.ts';
import type { JobSignal } from './job-worker.ts';

/** Counts what a worker does: give the answer to it as `observe`. Metrics `job_runs_total`, `job_duration_seconds`. */
export function recordJobs(metrics: Metrics): (signal: JobSignal) => void {
  const runs = metrics.counter({ name: 'job_runs_total', help: 'Tries of jobs by outcome.', labels: ['job', 'outcome'] });
  const durations = metrics.histogram({ name: 'job_duration_seconds', help: 'Time that jobs took.', labels: ['job'] });
  return (signal) => {
    if (signal.kind === 'error') return;
    runs.inc({ job: signal.job, outcome: signal.kind });
    if (signal.kind === 'completed') durations.observe({ job: signal.job }, signal.durationMs / 1_000);
  };
}

/** Shows how many jobs of a queue are in each state, asked at every scrape. Metric `jobs`. */
export function recordQueue(metrics: Metrics, queue: JobQueue): void {
  metrics.gauge({ name: 'jobs', help: 'Jobs by state.', labels: ['queue', 'state'] }, async (gauge) => {
    const counts = await queue.counts().catch(() => undefined);
    for (const [state, count] of Object.entries(counts ?? {})) gauge.set({ queue: queue.name, state }, count);
  });
}
