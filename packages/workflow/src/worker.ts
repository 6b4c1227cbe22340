import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Listener } from '@app/database/listener';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import type { WorkflowQueue } from '@dbos-inc/dbos-sdk/internal/wfqueue';
import type { Pool } from 'pg';
import type { Workshop } from './attempts.ts';
import { claimNow, patient } from './dbos-internals.ts';
import type { AnyWorkflow } from './define-workflow.ts';
import { applicationVersion, dbosSchema, engineLog } from './engine-names.ts';
import { sayAlive, sayGoodbye, sweep } from './executors.ts';
import { openPool } from './open-pool.ts';
import { Pauses } from './pauses.ts';
import { registerSagas } from './register-sagas.ts';
import { startChannel, wakeChannel } from './run-table.ts';
import { Slots } from './slots.ts';
import { sqlOfPool } from './sql.ts';
import { type Observe, silent } from './workflow-event.ts';

/** Options of {@link startWorkflowWorker}. */
export interface WorkerOptions<Deps> {
  /** Name of the subgraph: runs of several may share a database server, never a name. */
  readonly name: string;
  /** Its database. The connection must reach Postgres itself, since it listens. */
  readonly url: string;
  /** All definitions that runs may still be pinned to, old versions included. */
  readonly workflows: readonly AnyWorkflow<Deps>[];
  readonly deps: Deps;
  /** Unique per instance. Default: random. */
  readonly executor?: string;
  /** Steps that are worked on at once. Default 16; runs that wait or pause take none. */
  readonly concurrency?: number;
  /** An instance that gave no sign of life for this long loses its runs. Default 5,000. */
  readonly leaseMs?: number;
  /** How long a connection may be silent before it is given up, in milliseconds. Default 30,000. */
  readonly silenceMs?: number;
  readonly now?: () => Date;
  readonly observe?: Observe;
}

/** Executes runs until it is stopped. */
export interface WorkflowWorker {
  readonly executor: string;
  /** Idempotent. Steps get `drainMs` (default 5,000) to finish; what is left is taken up by other instances at once. */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

/** How soon a start is noticed whose notification was lost, in milliseconds. */
const pollMs = 2_000;

/** Runs that one instance may have begun, most of them waiting. */
const runsPerInstance = 5_000;

/**
 * Starts executing the runs of a database: new ones, those whose time has come, and those of instances that died. One per process (DBOS is).
 * @throws {WorkflowError} when two definitions have one name and version; whatever Postgres says when it cannot be reached.
 */
export async function startWorkflowWorker<Deps>(options: WorkerOptions<Deps>): Promise<WorkflowWorker> {
  const { name, url, workflows, leaseMs = 5_000, observe = silent } = options;
  const executor = options.executor ?? `${name}-${randomUUID()}`;
  const pool = openPool({ url, applicationName: `${name}-workflows`, max: 10, silenceMs: options.silenceMs, observe });
  const ending = new AbortController();
  const pauses = new Pauses();
  const shop: Workshop<Deps> = {
    deps: options.deps,
    sql: patient(sqlOfPool(pool)),
    executor,
    now: options.now ?? (() => new Date()),
    observe,
    slots: new Slots(options.concurrency ?? 16),
    pauses,
    ending: ending.signal,
  };
  const keys = workflows.map(({ key }) => key);
  // That runs are still waiting when DBOS is shut down is as it should be: they have been given back by then.
  const hearEngine: Observe = (event) => observe(ending.signal.aborted && event.kind === 'engine' ? { ...event, level: 'debug' } : event);
  const queues = await launch({ name, url, pool, executor, keys, observe: hearEngine, register: () => registerSagas(shop, workflows) });
  const claims = new Claims(queues, observe);
  const listener = new Listener({
    url,
    applicationName: `${name}-workflows-listener`,
    channels: { [startChannel]: (key) => claims.claim(key), [wakeChannel]: (runId) => pauses.wake(runId) },
    onListening: () => claims.claim('*'),
    onTrouble: (error) => observe({ kind: 'trouble', where: 'listener', error }),
  });
  const unserved = new Map<string, number>();
  const round = async () => {
    await sayAlive(pool, executor, [...queues.keys()]);
    await sweep({ pool, applicationName: name, applicationVersion, leaseMs, observe, unserved });
  };
  const beating = beat(round, leaseMs / 4, ending.signal, observe);
  const stop = async (drainMs: number) => {
    ending.abort();
    await Promise.all([beating, listener.stop()]);
    claims.close();
    await shop.slots.idle(drainMs);
    await sayGoodbye(pool, executor, applicationVersion).catch((error: unknown) => observe({ kind: 'trouble', where: 'goodbye', error }));
    pauses.wakeAll();
    await DBOS.shutdown({ deregister: true });
    await pool.end();
  };
  let stopping: Promise<void> | undefined;
  return {
    executor,
    stop({ drainMs = 5_000 } = {}) {
      stopping ??= stop(drainMs);
      return stopping;
    },
  };
}

interface Launch {
  readonly name: string;
  readonly url: string;
  readonly pool: Pool;
  readonly executor: string;
  readonly keys: readonly string[];
  readonly observe: Observe;
  readonly register: () => void;
}

/** Brings DBOS up with a queue for each definition, so that an instance only gets runs whose definition it has. */
async function launch(options: Launch): Promise<Map<string, WorkflowQueue>> {
  try {
    options.register();
    return await launchRegistered(options);
  } catch (error) {
    await DBOS.shutdown({ deregister: true });
    await options.pool.end();
    throw error;
  }
}

async function launchRegistered({ name, url, pool, executor, keys, observe }: Launch): Promise<Map<string, WorkflowQueue>> {
  const logger = engineLog(observe);
  const database = { systemDatabaseUrl: url, systemDatabasePool: pool, systemDatabaseSchemaName: dbosSchema, logger };
  const client = await DBOSClient.create({ ...database, applicationName: name });
  const queues = new Map<string, WorkflowQueue>();
  for (const key of keys)
    queues.set(key, await client.registerQueue(key, { workerConcurrency: runsPerInstance, minPollingIntervalMs: pollMs }));
  DBOS.setConfig({ ...database, name, executorID: executor, applicationVersion, listenQueues: [...keys], runMigrations: false });
  await sayAlive(pool, executor, keys);
  await DBOS.launch();
  return queues;
}

/** Says that the instance lives, and looks after dead ones, until the end. */
async function beat(round: () => Promise<void>, everyMs: number, signal: AbortSignal, observe: Observe): Promise<void> {
  while (!signal.aborted) {
    await round().catch((error: unknown) => observe({ kind: 'trouble', where: 'sweep', error }));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Claims started runs as soon as they are told of: one claim at a time per queue, and one more when told meanwhile. */
class Claims {
  private readonly pending = new Map<string, 'claiming' | 'again'>();
  private isOpen = true;

  constructor(
    private readonly queues: ReadonlyMap<string, WorkflowQueue>,
    private readonly observe: Observe,
  ) {}

  /** By queue, or `*` for all. */
  claim(key: string): void {
    if (key === '*') for (const each of this.queues.keys()) this.claim(each);
    const queue = this.queues.get(key);
    if (!queue || !this.isOpen) return;
    if (this.pending.has(key)) this.pending.set(key, 'again');
    else void this.run(key, queue);
  }

  close(): void {
    this.isOpen = false;
  }

  private async run(key: string, queue: WorkflowQueue): Promise<void> {
    do {
      this.pending.set(key, 'claiming');
      await claimNow(queue, applicationVersion).catch((error: unknown) => this.observe({ kind: 'trouble', where: 'claim', error }));
    } while (this.isOpen && this.pending.get(key) === 'again');
    this.pending.delete(key);
  }
}
