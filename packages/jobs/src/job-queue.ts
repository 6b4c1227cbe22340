import { Queue } from 'bullmq';
import { connectJobs, KEY_PREFIX } from './connect-jobs.ts';
import type { JobDefinition } from './define-job.ts';
import { JobError } from './job-error.ts';

/** Where a queue is. */
export interface QueueOptions {
  /** Redis, with `maxmemory-policy noeviction`: a queue in a cache that evicts loses jobs. */
  readonly url: string;
  /** Name of the queue: one per process kind, such as `orders`. */
  readonly name: string;
  /** Told when Redis is away; the queue goes on trying. */
  readonly onError: (error: Error) => void;
}

/** A job to be put in. */
export interface NewJob<Data> {
  /**
   * Names the job for ever: a second job with the id of one that waits, runs, is dead or was done lately is not put in.
   * Take it from what caused the job, such as the id of a row.
   */
  readonly id: string;
  readonly data: Data;
  /** Earliest start, from now, in milliseconds. */
  readonly delayMs?: number;
}

/** Jobs of a queue by state. */
export interface JobCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly dead: number;
  readonly completed: number;
}

/** What a queue remembers of jobs that were done: the ids keep a repeated `enqueue` from running them again. */
const rememberDone = { age: 24 * 60 * 60, count: 10_000 };
const idForm = /^[A-Za-z_][\w.-]{0,127}$/;

/** The producer's end of a queue. */
export class JobQueue {
  readonly name: string;
  private readonly bull: Queue;
  private readonly disconnect: () => void;

  constructor({ url, name, onError }: QueueOptions) {
    const redis = connectJobs(url, 'producer', onError);
    this.name = name;
    this.bull = new Queue(name, { connection: redis, prefix: KEY_PREFIX, skipWaitingForReady: true, skipMetasUpdate: true });
    this.bull.on('error', onError);
    this.disconnect = () => redis.disconnect();
  }

  /** Puts a job in. @throws {JobError} BAD_DATA, BAD_ID, or UNAVAILABLE: then it may or may not be in, put it in again. */
  async enqueue<Data>(definition: JobDefinition<Data>, job: NewJob<Data>): Promise<void> {
    await this.enqueueAll(definition, [job]);
  }

  /** Puts jobs in, all or none. @throws {JobError} as {@link enqueue}. */
  async enqueueAll<Data>(definition: JobDefinition<Data>, jobs: readonly NewJob<Data>[]): Promise<void> {
    const entries = jobs.map(({ id, data, delayMs }) => ({
      name: definition.name,
      data: { data: checked(definition, data) },
      opts: { ...optionsOf(definition), jobId: checkedId(id), ...(delayMs !== undefined && { delay: delayMs }) },
    }));
    if (entries.length === 0) return;
    await reaching(this.name, () => this.bull.addBulk(entries));
  }

  /** Jobs by state. @throws {JobError} UNAVAILABLE. */
  async counts(): Promise<JobCounts> {
    const found = await reaching(this.name, () =>
      this.bull.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed', 'completed'),
    );
    const of = (state: string): number => Number(found[state]);
    return {
      waiting: of('waiting') + of('prioritized'),
      delayed: of('delayed'),
      active: of('active'),
      dead: of('failed'),
      completed: of('completed'),
    };
  }

  async close(): Promise<void> {
    await this.bull.close().catch(() => undefined);
    this.disconnect();
  }
}

/** What BullMQ is told of every job of a definition. */
export function optionsOf({ attempts }: Pick<JobDefinition, 'attempts'>) {
  return { attempts, backoff: { type: 'defined' }, removeOnComplete: rememberDone, removeOnFail: false, stackTraceLimit: 5 };
}

/** @throws {JobError} BAD_DATA naming the job and every wrong field. */
export function checked<Data>({ name, schema }: Pick<JobDefinition<Data>, 'name' | 'schema'>, data: unknown): Data {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'data'}: ${message}`);
  throw new JobError('BAD_DATA', `job "${name}" does not take this: ${issues.join('; ')}`);
}

function checkedId(id: string): string {
  if (!idForm.test(id))
    throw new JobError('BAD_ID', `a job's id is up to 128 letters, digits, "_", "-" and ".", got "${id.slice(0, 200)}"`);
  return id;
}

/** Says of a failure that it was the queue that could not be reached. */
export async function reaching<Result>(queue: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new JobError('UNAVAILABLE', `queue "${queue}" cannot be reached`, { cause });
  }
}
