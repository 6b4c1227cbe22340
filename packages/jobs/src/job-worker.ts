import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { connectJobs, KEY_PREFIX } from './connect-jobs.ts';
import type { JobEnvelope } from './dead-set.ts';
import { backoffMs } from './define-job.ts';
import { HopelessJob, JobError } from './job-error.ts';
import { byName, type JobHandler } from './job-handler.ts';
import { checked, type QueueOptions } from './job-queue.ts';
import { keepSchedules, type Schedule } from './schedule.ts';

/** What a worker tells whoever observes it. Durations in milliseconds. */
export type JobSignal =
  | { readonly kind: 'completed' | 'discarded'; readonly job: string; readonly id: string; readonly durationMs: number }
  | { readonly kind: 'failed' | 'dead'; readonly job: string; readonly id: string; readonly attempt: number; readonly error: unknown }
  /** Redis or the schedules failed; the worker tries again. */
  | { readonly kind: 'error'; readonly error: unknown };

/** Options of {@link startJobWorker}. */
export interface WorkerOptions extends Omit<QueueOptions, 'onError'> {
  readonly handlers: readonly JobHandler[];
  readonly schedules?: readonly Schedule[];
  /** Jobs run at once. Default 4. */
  readonly concurrency?: number;
  /** How long running jobs may go on after `stop` before their signal aborts. Default 8000. */
  readonly graceMs?: number;
  /** A job whose process died is given to another one after this long. Default 30000. */
  readonly lockMs?: number;
  readonly random?: () => number;
  /** How often lost schedules are put in again: a Redis that was emptied has forgotten them. Default 10000. */
  readonly scheduleCheckMs?: number;
  readonly observe: (signal: JobSignal) => void;
}

const noBackoff = { baseMs: 1, maxMs: 1 };

/** A running worker. `stop` lets running jobs finish, takes no further ones, and may be called twice. */
export interface RunningJobs {
  stop(): Promise<void>;
}

/**
 * Runs the jobs of a queue. A failed try is repeated after the definition's backoff; the last one, one that is
 * {@link HopelessJob}, and a job that no handler knows or whose data does not fit go to the dead set.
 * @throws {RangeError} when two handlers take the same job.
 */
export function startJobWorker(options: WorkerOptions): RunningJobs {
  const { url, name, observe, random = Math.random, lockMs = 30_000 } = options;
  const handlers = byName(options.handlers);
  const ending = new AbortController();
  const giveUp = new AbortController();
  const ended = new AbortController();
  const redis = connectJobs(url, 'worker', (error) => observe({ kind: 'error', error }), ended.signal);
  const worker = new Worker<JobEnvelope>(name, (job) => runJob(job, handlers.get(job.name), { observe, signal: giveUp.signal }), {
    connection: redis,
    prefix: KEY_PREFIX,
    concurrency: options.concurrency ?? 4,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: 10,
    settings: {
      backoffStrategy: (attemptsMade, _type, _error, job) =>
        backoffMs(handlers.get(String(job?.name))?.definition.backoff ?? noBackoff, attemptsMade, random),
    },
  });
  worker.on('error', (error) => observe({ kind: 'error', error }));
  worker.on('failed', (job, error) => {
    // A job that stalled too often has no job object left in some cases.
    if (job) observe({ kind: isDead(job, error) ? 'dead' : 'failed', ...nameOf(job), attempt: job.attemptsMade, error });
  });
  const schedules = keepScheduled(options, observe, ending.signal);
  const stopAll = async () => {
    ending.abort();
    const { graceMs = 8_000 } = options;
    const timer = setTimeout(() => giveUp.abort(new Error('the worker has to end')), graceMs);
    const closing = worker.close().catch((error: unknown) => observe({ kind: 'error', error }));
    // Without Redis, or with one that hangs, it would wait for it: whatever still runs is given to another worker, as after a crash.
    const closed = redis.status === 'ready' ? Promise.race([closing, sleep(graceMs + 1_000, undefined, { ref: false })]) : undefined;
    await Promise.all([closed, schedules]);
    clearTimeout(timer);
    ended.abort();
    redis.disconnect();
  };
  let stopping: Promise<void> | undefined;
  return {
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

function nameOf({ name, id }: Job): { readonly job: string; readonly id: string } {
  return { job: name, id: String(id) };
}

function isDead(job: Job, error: Error): boolean {
  return error instanceof UnrecoverableError || job.attemptsMade >= Number(job.opts.attempts);
}

interface RunOptions {
  readonly observe: (signal: JobSignal) => void;
  readonly signal: AbortSignal;
}

async function runJob(job: Job<JobEnvelope>, handler: JobHandler | undefined, { observe, signal }: RunOptions): Promise<void> {
  if (handler === undefined) throw new UnrecoverableError(`no handler takes job "${job.name}"`);
  const { definition, run, discarded } = handler;
  const startedAt = performance.now();
  const about = nameOf(job);
  try {
    const data = checked(definition, job.data.data);
    const isDiscarded = job.data.isDiscarded === true;
    if (isDiscarded) await discarded?.(data);
    else await limited(definition.timeoutMs, signal, (both) => run(data, { id: about.id, attempt: job.attemptsMade + 1, signal: both }));
    observe({ kind: isDiscarded ? 'discarded' : 'completed', ...about, durationMs: performance.now() - startedAt });
  } catch (error) {
    if (error instanceof HopelessJob || error instanceof JobError) throw new UnrecoverableError(error.message);
    throw error;
  }
}

/** Runs a try with a signal that aborts after `timeoutMs`; the try has failed then whatever it goes on doing. */
async function limited(timeoutMs: number, outer: AbortSignal, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
  const signal = AbortSignal.any([late.signal, outer]);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([run(signal), aborted]);
  } finally {
    clearTimeout(timer);
  }
}

async function keepScheduled(options: WorkerOptions, observe: (signal: JobSignal) => void, signal: AbortSignal): Promise<void> {
  const redis = connectJobs(options.url, 'producer', () => undefined);
  const queue = new Queue(options.name, { connection: redis, prefix: KEY_PREFIX, skipWaitingForReady: true });
  queue.on('error', () => undefined);
  while (!signal.aborted) {
    await keepSchedules(queue, options.schedules ?? []).catch((error: unknown) => observe({ kind: 'error', error }));
    await sleep(options.scheduleCheckMs ?? 10_000, undefined, { signal }).catch(() => undefined);
  }
  await queue.close().catch(() => undefined);
  redis.disconnect();
}
