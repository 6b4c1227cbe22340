import { type Job, Queue } from 'bullmq';
import { connectJobs, KEY_PREFIX } from './connect-jobs.ts';
import { type QueueOptions, reaching } from './job-queue.ts';

/** A job that failed for good. */
export interface DeadJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly attempts: number;
  readonly error: string;
  readonly diedAt: Date;
}

/** The jobs of a queue that failed for good: looked at, tried again or given up by a person. */
export class DeadSet {
  private readonly bull: Queue<JobEnvelope>;
  private readonly disconnect: () => void;

  constructor(private readonly options: QueueOptions) {
    const { url, name, onError } = options;
    const redis = connectJobs(url, 'producer', onError);
    this.bull = new Queue(name, { connection: redis, prefix: KEY_PREFIX, skipWaitingForReady: true, skipMetasUpdate: true });
    this.bull.on('error', onError);
    this.disconnect = () => redis.disconnect();
  }

  /** Newest first. @throws {JobError} UNAVAILABLE, as every method here. */
  async list(limit = 100): Promise<DeadJob[]> {
    const jobs = await this.reach(() => this.bull.getFailed(0, limit - 1));
    return jobs.map(toDeadJob);
  }

  /** Tries one again, with all its tries, or every one; answers how many. */
  async retry(id?: string): Promise<number> {
    return this.each(id, (job) => job.retry('failed', fresh));
  }

  /** Gives one up: the worker tells its handler so and forgets it. Answers how many there were. */
  async discard(id: string): Promise<number> {
    return this.each(id, async (job) => {
      await job.updateData({ ...job.data, isDiscarded: true });
      await job.retry('failed', fresh);
    });
  }

  async close(): Promise<void> {
    await this.bull.close().catch(() => undefined);
    this.disconnect();
  }

  private async each(id: string | undefined, work: (job: Job<JobEnvelope>) => Promise<void>): Promise<number> {
    const jobs = await this.reach(async () => (id === undefined ? this.bull.getFailed() : [await this.bull.getJob(id)]));
    let count = 0;
    for (const job of jobs) {
      if (job === undefined || !(await this.reach(() => job.isFailed()))) continue;
      await this.reach(() => work(job));
      count += 1;
    }
    return count;
  }

  private reach<Result>(work: () => Promise<Result>): Promise<Result> {
    return reaching(this.options.name, work);
  }
}

/** What is stored of a job. */
export interface JobEnvelope {
  readonly data: unknown;
  /** A person gave it up; see {@link DeadSet.discard}. */
  readonly isDiscarded?: boolean;
}

const fresh = { resetAttemptsMade: true, resetAttemptsStarted: true };

function toDeadJob(job: Job<JobEnvelope>): DeadJob {
  return {
    id: String(job.id),
    name: job.name,
    data: job.data.data,
    attempts: job.attemptsMade,
    error: job.failedReason,
    diedAt: new Date(Number(job.finishedOn)),
  };
}
