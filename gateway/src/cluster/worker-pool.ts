import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@app/observability';
import type { FromWorker, ToWorker } from './messages.ts';

/** Options of {@link WorkerPool}. */
export interface WorkerPoolOptions {
  readonly size: number;
  readonly logger: Logger;
  /** How long a worker may take until it serves before it is killed. */
  readonly startTimeoutMs: number;
  /** How long a worker may take to end before it is killed. */
  readonly endTimeoutMs: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A worker that lived this long died of something else than its start. */
const HEALTHY_MS = 10_000;

/**
 * Processes that share the port, each a whole gateway. One that dies is replaced, after growing pauses when it dies at once; `restart`
 * replaces all, one after the other, each only when its successor serves.
 */
export class WorkerPool {
  private readonly options: WorkerPoolOptions;
  /** Those that are to run; true once they serve. */
  private readonly members = new Map<Worker, boolean>();
  private served: ReadonlySet<string> = new Set();
  private isEnding = false;
  private pauseMs = FIRST_PAUSE_MS;
  private restarting: Promise<void> = Promise.resolve();

  constructor(options: WorkerPoolOptions) {
    this.options = options;
  }

  /** Resolves when all serve. Rejects when one ends before that: it would end again. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.size }, () => this.add()));
  }

  /** Names of the subgraphs that are served now. */
  get subgraphs(): ReadonlySet<string> {
    return this.served;
  }

  get serving(): number {
    return this.servingWorkers.length;
  }

  private get servingWorkers(): Worker[] {
    return [...this.members].flatMap(([worker, serves]) => (serves ? [worker] : []));
  }

  broadcast(message: ToWorker): void {
    // One that has just died needs to know nothing; without somebody to tell, its error would end this process.
    for (const worker of this.members.keys()) if (worker.isConnected()) worker.send(message, () => undefined);
  }

  /**
   * One after the other, so that there are never fewer. One restart at a time. Rejects when a successor cannot start: those that were not
   * replaced yet go on, and a later restart tries again.
   */
  restart(): Promise<void> {
    const restarted = this.restarting.then(() => this.replaceAll());
    this.restarting = restarted.catch(() => undefined);
    return restarted;
  }

  async stop(): Promise<void> {
    this.isEnding = true;
    await Promise.all([...this.members.keys()].map((worker) => this.end(worker)));
  }

  /** Those that are only starting are left: they are new. */
  private async replaceAll(): Promise<void> {
    const old = this.servingWorkers;
    const nextOld = () => old.find((worker) => this.members.has(worker));
    while (nextOld() !== undefined && !this.isEnding) {
      const successor = await this.add();
      // The one whose turn it was may have died meanwhile and has a successor of its own then.
      await this.end(nextOld() ?? successor);
    }
  }

  /** Resolves when the worker serves. */
  private async add(): Promise<Worker> {
    const worker = cluster.fork();
    const startedAt = Date.now();
    this.members.set(worker, false);
    worker.on('message', (message: FromWorker) => {
      if (message.kind !== 'serving') return;
      this.served = new Set(message.subgraphs);
      if (this.members.has(worker)) this.members.set(worker, true);
    });
    const ended = once(worker, 'exit') as Promise<[number | null, string | null]>;
    ended.then(
      ([code, signal]) => this.replace(worker, { code, signal, livedMs: Date.now() - startedAt }),
      // There is no process: the machine could not start one.
      () => this.members.delete(worker),
    );
    const { startTimeoutMs } = this.options;
    let end = 'ended before it served';
    const timer = setTimeout(() => {
      end = `did not serve within ${startTimeoutMs} ms`;
      worker.process.kill('SIGKILL');
    }, startTimeoutMs);
    await Promise.race([
      this.serves(worker),
      ended.then(([code, signal]) => Promise.reject(new Error(`A worker ${end} (${signal ?? code}).`))),
    ]).finally(() => clearTimeout(timer));
    return worker;
  }

  private serves(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      worker.on('message', (message: FromWorker) => message.kind === 'serving' && resolve());
    });
  }

  private replace(worker: Worker, end: { code: number | null; signal: string | null; livedMs: number }): void {
    const hasServed = this.members.get(worker);
    if (!this.members.delete(worker) || this.isEnding || hasServed !== true) return;
    this.options.logger.error({ pid: worker.process.pid, ...end }, 'a worker died and is replaced');
    this.pauseMs = end.livedMs > HEALTHY_MS ? FIRST_PAUSE_MS : Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    void this.addUntilItServes();
  }

  private async addUntilItServes(): Promise<void> {
    while (!this.isEnding) {
      await sleep(this.pauseMs);
      if (this.isEnding) return;
      try {
        await this.add();
        return;
      } catch (error) {
        this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
        this.options.logger.error({ err: error, nextTryInMs: this.pauseMs }, 'a worker cannot start');
      }
    }
  }

  /** Lets a worker finish its requests; kills it when it does not. */
  private async end(worker: Worker): Promise<void> {
    this.members.delete(worker);
    if (worker.isDead()) return;
    const ended = once(worker, 'exit');
    worker.process.kill('SIGTERM');
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), this.options.endTimeoutMs);
    await ended;
    clearTimeout(timer);
  }
}
