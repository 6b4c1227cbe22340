import { Worker } from 'node:worker_threads';
import { AppError } from '@app/errors';
import type { PlanJob, PlanOutcome } from './plan-messages.ts';

interface QueuedJob extends PlanJob {
  readonly resolve: (planText: string) => void;
  readonly reject: (error: unknown) => void;
}

/** What planning may take. */
export interface PlanningLimits {
  /** Longest time for one plan, in milliseconds. */
  readonly deadlineMs: number;
  /** Largest heap of the thread, in MiB; 1,024 by default. The planner can go round in circles, growing, on some operations. */
  readonly heapMiB?: number;
}

const DEFAULT_HEAP_MIB = 1_024;

/**
 * Plans on a thread of its own, one operation at a time. A plan that takes longer than the deadline is given up: its thread is ended, since
 * planning cannot be interrupted, and the next job gets a new one. The deadline runs from when a job's turn comes.
 */
export class PlanningThread {
  private readonly queue: QueuedJob[] = [];
  private readonly supergraphSdl: string;
  private readonly deadlineMs: number;
  private readonly heapMiB: number;
  private worker: Worker | undefined;
  private isReady = false;
  private current: { job: QueuedJob; timer: NodeJS.Timeout } | undefined;
  private isStopped = false;

  constructor(supergraphSdl: string, { deadlineMs, heapMiB = DEFAULT_HEAP_MIB }: PlanningLimits) {
    this.supergraphSdl = supergraphSdl;
    this.deadlineMs = deadlineMs;
    this.heapMiB = heapMiB;
    this.startWorker();
  }

  /** A plan, as JSON. @throws {AppError} `TIMEOUT` past the deadline, `LIMIT_EXCEEDED` when the heap is full, `GRAPHQL_VALIDATION_FAILED` when there is no plan, `SHUTTING_DOWN` once stopped. */
  plan(job: PlanJob): Promise<string> {
    if (this.isStopped) return Promise.reject(new AppError('SHUTTING_DOWN'));
    return new Promise((resolve, reject) => {
      this.queue.push({ ...job, resolve, reject });
      if (this.worker === undefined) this.startWorker();
      this.next();
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
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

  private next(): void {
    if (this.current !== undefined || !this.isReady) return;
    const job = this.queue.shift();
    if (job === undefined) return;
    const timer = setTimeout(() => this.fail(new AppError('TIMEOUT', 'Planning this operation took too long.')), this.deadlineMs);
    this.current = { job, timer };
    const { query, operationName, activeLabels } = job;
    this.worker?.postMessage({ query, operationName, activeLabels } satisfies PlanJob);
  }

  private receive(outcome: PlanOutcome): void {
    if (outcome.kind === 'ready') this.isReady = true;
    else {
      const job = this.finish();
      if (outcome.kind === 'planned') job?.resolve(outcome.text);
      else job?.reject(refusal(outcome));
    }
    this.next();
  }

  /** Gives up the current job together with its thread. */
  private fail(reason: unknown): void {
    if (this.isStopped) return;
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
