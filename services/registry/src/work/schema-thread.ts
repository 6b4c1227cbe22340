import { Worker } from 'node:worker_threads';
import { RegistryError } from '../registry-error.ts';
import type { JobMessage, JobOutcome, SchemaJobs } from './schema-jobs.ts';

interface QueuedJob extends JobMessage {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What the work may take. */
export interface SchemaThreadLimits {
  /** Longest time for one job, in milliseconds, from when its turn comes. */
  readonly deadlineMs: number;
  /** Most jobs that wait. */
  readonly maxQueue: number;
}

const HEAP_MIB = 2_048;
const TOO_LARGE = 'These schemas take more memory than there is: check fewer at once.';

/**
 * Composes and checks on a thread of its own, one job at a time, so that gateways are answered meanwhile. A job past its deadline, or one
 * that fills the heap, is given up with its thread.
 */
export class SchemaThread implements SchemaJobs, AsyncDisposable {
  private readonly limits: SchemaThreadLimits;
  private readonly queue: QueuedJob[] = [];
  private current: { readonly job: QueuedJob; readonly timer: NodeJS.Timeout } | undefined;
  private worker: Worker | undefined;
  private isReady = false;

  constructor(limits: SchemaThreadLimits) {
    this.limits = limits;
  }

  compose: SchemaJobs['compose'] = (input) => this.run('compose', input) as ReturnType<SchemaJobs['compose']>;
  /** Planning operations may take half of the time: what is left of them is told, where a job past its deadline tells nothing. */
  check: SchemaJobs['check'] = (input) =>
    this.run('check', { planWithinMs: this.limits.deadlineMs / 2, ...input }) as ReturnType<SchemaJobs['check']>;
  describe: SchemaJobs['describe'] = (input) => this.run('describe', input) as ReturnType<SchemaJobs['describe']>;
  changes: SchemaJobs['changes'] = (input) => this.run('changes', input) as ReturnType<SchemaJobs['changes']>;

  /** What waits and what is under way is refused. */
  async [Symbol.asyncDispose](): Promise<void> {
    const stopping = new RegistryError('BUSY', 'The registry is shutting down: try again in a moment.');
    this.take()?.reject(stopping);
    for (const job of this.queue.splice(0)) job.reject(stopping);
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  private run(name: JobMessage['name'], input: unknown): Promise<unknown> {
    if (this.queue.length >= this.limits.maxQueue)
      return Promise.reject(new RegistryError('BUSY', 'The registry has too many schemas to look at just now: try again in a moment.'));
    return new Promise((resolve, reject) => {
      this.queue.push({ name, input, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.current !== undefined || this.queue.length === 0) return;
    this.worker ??= this.startWorker();
    if (!this.isReady) return;
    const job = this.queue.shift();
    if (job === undefined) return;
    const tooSlow = new RegistryError('TOO_SLOW', `These schemas take longer than ${this.limits.deadlineMs} ms: check fewer at once.`);
    this.current = { job, timer: setTimeout(() => this.giveUp(tooSlow), this.limits.deadlineMs) };
    this.worker.postMessage({ name: job.name, input: job.input } satisfies JobMessage);
  }

  private startWorker(): Worker {
    // The extension is that of this module: source when it runs from source, JavaScript when it was compiled.
    const file = new URL(import.meta.url.endsWith('.ts') ? './schema-worker.ts' : './schema-worker.js', import.meta.url);
    this.isReady = false;
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } });
    worker.on('message', (outcome: JobOutcome) => worker === this.worker && this.receive(outcome));
    worker.on('error', (cause) => {
      if (worker === this.worker) this.giveUp(isOutOfMemory(cause) ? new RegistryError('TOO_SLOW', TOO_LARGE, { cause }) : cause);
    });
    worker.unref();
    return worker;
  }

  private receive(outcome: JobOutcome): void {
    if (outcome.kind === 'ready') this.isReady = true;
    else {
      const job = this.take();
      if (outcome.kind === 'done') job?.resolve(outcome.result);
      else job?.reject(errorOf(outcome));
    }
    this.next();
  }

  /** The job under way, or the next when the thread did not even start, is what the failure costs: otherwise it would be met for ever. */
  private giveUp(error: unknown): void {
    void this.worker?.terminate();
    this.worker = undefined;
    (this.take() ?? this.queue.shift())?.reject(error);
    this.next();
  }

  private take(): QueuedJob | undefined {
    clearTimeout(this.current?.timer);
    const job = this.current?.job;
    this.current = undefined;
    return job;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function errorOf({ message, isUsage }: Extract<JobOutcome, { isUsage: boolean }>): Error {
  // The stack is memory too: types that lead to each other tens of thousands deep are more than composition can follow.
  if (message.includes('Maximum call stack size exceeded')) return new RegistryError('TOO_SLOW', TOO_LARGE);
  return isUsage ? new RegistryError('WRONG_FIELD', message) : new Error(message);
}
