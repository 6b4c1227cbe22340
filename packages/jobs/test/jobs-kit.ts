import { setTimeout as delay } from 'node:timers/promises';
import { type TestRedis, testRedis } from '@app/testing';
import { z } from 'zod';
import {
  DeadSet,
  defineJob,
  type JobHandler,
  JobQueue,
  type JobSignal,
  type RunningJobs,
  type Schedule,
  startJobWorker,
} from '../src/index.ts';

export const greet = defineJob('greet', {
  schema: z.strictObject({ name: z.string().min(1) }),
  attempts: 3,
  backoff: { baseMs: 5, maxMs: 20 },
  timeoutMs: 5_000,
});

/** A queue on a Redis of its own, with what reads and runs it. */
export class JobsKit implements AsyncDisposable {
  readonly signals: JobSignal[] = [];
  readonly queue: JobQueue;
  readonly dead: DeadSet;
  private readonly workers: RunningJobs[] = [];

  private constructor(readonly redis: TestRedis) {
    const place = { url: redis.url, name: 'test', onError: () => undefined };
    this.queue = new JobQueue(place);
    this.dead = new DeadSet(place);
  }

  static async start(): Promise<JobsKit> {
    return new JobsKit(await testRedis());
  }

  work(handlers: readonly JobHandler[], more: { schedules?: readonly Schedule[]; lockMs?: number; graceMs?: number } = {}): RunningJobs {
    const observe = (signal: JobSignal) => void this.signals.push(signal);
    const worker = startJobWorker({ url: this.redis.url, name: 'test', handlers, observe, random: () => 0, scheduleCheckMs: 100, ...more });
    this.workers.push(worker);
    return worker;
  }

  /** Kinds of what was observed of a job, in order. */
  kindsOf(id: string): string[] {
    return this.signals.flatMap((signal) => (signal.kind !== 'error' && signal.id === id ? [signal.kind] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await Promise.all([this.queue.close(), this.dead.close()]);
    await this.redis[Symbol.asyncDispose]();
  }
}

export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await isSo()) return;
    await delay(20);
  }
  throw new Error(`waited in vain: ${what}`);
}
