import { Worker } from 'node:worker_threads';
import { AppError } from '@app/errors';
import type { PlanJob, PlanOutcome } from './plan-messages.ts';

/** For whom a plan is made. */
export interface PlanDemand {
  /** Asked when the job's turn comes: it is left out when nobody waits for it any more. */
  readonly isAwaited: () => boolean;
  /** A request waits for it, and is refused when too many do. What is planned ahead of requests is not. */
  readonly isForRequest: boolean;
}

interface QueuedJob extends PlanJob, PlanDemand {
  readonly resolve: (planText: string) => void;
  readonly reject: (error: unknown) => void;
}

/** What planning may take. */
export interface PlanningLimits {
  /** Longest time for one plan, in milliseconds. */
  readonly deadlineMs: number;
  /** Largest heap of the thread, in MiB; 1,024 by default. The planner can go round in circles, growing, on some operations. */
  readonly heapMiB?: number;
  /** How many operations that requests wait for may be queued; 500 by default. More could hardly be planned before their deadlines pass. */
  readonly maxQueued?: number;
}

const DEFAULT_HEAP_MIB = 1_024;
const DEFAULT_MAX_QUEUED = 500;

/**
 * Plans on a thread of its own, one operation at a time. A plan that takes longer than the deadline is given up: its thread is ended, since
 * planning cannot be interrupted, and the next job gets a new one. The deadline runs from when a job's turn comes.
 */
export class PlanningThread {
  private readonly queue: QueuedJob[] = [];
  private readonly supergraphSdl: string;
  private readonly deadlineMs: number;
  private readonly heapMiB: number;
  private readonly maxQueued: number;
  private worker: Worker | undefined;
  private isReady = false;
  private readonly readiness = Promise.withResolvers<void>();
  /** Resolves when the first thread takes jobs, or none will. */
  readonly whenReady = this.readiness.promise;
  private current: { job: QueuedJob; timer: NodeJS.Timeout } | undefined;
  private isStopped = false;

  constructor(supergraphSdl: string, { deadlineMs, heapMiB = DEFAULT_HEAP_MIB, maxQueued = DEFAULT_MAX_QUEUED }: PlanningLimits) {
    this.supergraphSdl = supergraphSdl;
    this.deadlineMs = deadlineMs;
    this.heapMiB = heapMiB;
    this.maxQueued = maxQueued;
    this.startWorker();
  }

  /** A plan, as JSON. @throws {AppError} `TIMEOUT` past the deadline or when nobody waits, `OVERLOADED` when too many wait, `LIMIT_EXCEEDED` when the heap is full, `GRAPHQL_VALIDATION_FAILED` when there is no plan, `SHUTTING_DOWN` once stopped. */
  plan(job: PlanJob, demand: PlanDemand): Promise<string> {
    if (this.isStopped) return Promise.reject(new AppError('SHUTTING_DOWN'));
    if (demand.isForRequest && this.isFull) return Promise.reject(new AppError('OVERLOADED'));
    return new Promise((resolve, reject) => {
      this.queue.push({ ...job, ...demand, resolve, reject });
      if (this.worker === undefined) this.startWorker();
      this.next();
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.readiness.resolve();
    this.finish()?.reject(new AppError('SHUTTING_DOWN'));
    for (const job of this.queue.splice(0)) job.reject(new AppError('SHUTTING_DOWN'));
    await this.worker?.terminate();
  }

  private startWorker(): void {
    this.isReady = false;
    // The extension is that of this module: source when it runs from source, JavaScript when it was compiled.
    const file = new URL(import.meta.url.endsWith('.ts') ? './plan-worker.ts' : './plan-worker.js', import.meta.url);
    const worker = new Worker(file, { workerData: this.supergraphSdl, resourceLimits: { maxOldGenerationSizeMb: this.heapMiB } });
    this.worker = worker;
    worker.on('message', (outcome: PlanOutcome) => worker === this.worker && this.receive(outcome));
    worker.on('error', (error) => worker === this.worker && this.fail(error));
    worker.unref();
  }

  private get isFull(): boolean {
    if (this.queue.length < this.maxQueued) return false;
    return this.queue.filter((job) => job.isForRequest && job.isAwaited()).length >= this.maxQueued;
  }

  private next(): void {
    if (this.current !== undefined || !this.isReady) return;
    const job = this.takeAwaited();
    if (job === undefined) return;
    const timer = setTimeout(() => this.fail(new AppError('TIMEOUT', 'Planning this operation took too long.')), this.deadlineMs);
    this.current = { job, timer };
    const { query, operationName, activeLabels } = job;
    this.worker?.postMessage({ query, operationName, activeLabels } satisfies PlanJob);
  }

  /** Leaves out what nobody waits for any more: it would keep others waiting. */
  private takeAwaited(): QueuedJob | undefined {
    for (let job = this.queue.shift(); job !== undefined; job = this.queue.shift()) {
      if (job.isAwaited()) return job;
      job.reject(new AppError('TIMEOUT', 'Nobody waits for this plan any more.'));
    }
    return undefined;
  }

  private receive(outcome: PlanOutcome): void {
    if (outcome.kind === 'ready') {
      this.isReady = true;
      this.readiness.resolve();
    } else {
      const job = this.finish();
      if (outcome.kind === 'planned') job?.resolve(outcome.text);
      else job?.reject(refusal(outcome));
    }
    this.next();
  }

  /** Gives up the current job together with its thread. */
  private fail(reason: unknown): void {
    if (this.isStopped) return;
    this.readiness.resolve();
    const job = this.finish();
    job?.reject(failure(reason));
    void this.worker?.terminate();
    this.worker = undefined;
    // A thread that cannot even start would fail again at once: it is not tried before the next job comes.
    if (this.isReady) this.startWorker();
    else for (const waiting of this.queue.splice(0)) waiting.reject(new AppError('INTERNAL', undefined, { cause: reason }));
  }

  private finish(): QueuedJob | undefined {
    clearTimeout(this.current?.timer);
    const job = this.current?.job;
    this.current = undefined;
    return job;
  }
}

function failure(reason: unknown): AppError {
  if (reason instanceof AppError) return reason;
  const isMemory = reason instanceof Error && 'code' in reason && reason.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory
    ? new AppError('LIMIT_EXCEEDED', 'Planning this operation takes too much memory.', { cause: reason })
    : new AppError('INTERNAL', undefined, { cause: reason });
}

function refusal({ message, isTold }: Extract<PlanOutcome, { kind: 'refused' }>): AppError {
  return new AppError('GRAPHQL_VALIDATION_FAILED', isTold ? message : undefined, { cause: new Error(message) });
}
