import { Listener } from '@app/database/listener';
import { DBOSClient } from '@dbos-inc/dbos-sdk';
import type { Pool } from 'pg';
import type { AnyWorkflow } from './define-workflow.ts';
import { applicationVersion, dbosSchema, engineLog } from './engine-names.ts';
import { openPool } from './open-pool.ts';
import { reopen } from './reopen.ts';
import { RestWatch } from './rest-watch.ts';
import { hasEnded, type Run, type RunStep } from './run.ts';
import { listSteps } from './run-steps.ts';
import {
  amendWaiting,
  askToTurnAround,
  countRuns,
  endRun,
  findRun,
  insertRun,
  listRuns,
  type RunFilter,
  restChannel,
  wakeChannel,
} from './run-table.ts';
import { signalTopic, timerTopic } from './saga.ts';
import { asPgClient, type Sql, sqlOf, sqlOfPool, type Transaction } from './sql.ts';
import type { Refusal } from './step.ts';
import { inTransaction } from './transaction.ts';
import { WorkflowError } from './workflow-error.ts';
import { type Observe, silent } from './workflow-event.ts';

/** Options of {@link connectWorkflows}. */
export interface ClientOptions {
  /** Name of the subgraph, the same as its worker's. */
  readonly name: string;
  /** Its database; must reach Postgres itself, since it listens. */
  readonly url: string;
  /** What can be started: of each name the highest version is. */
  readonly workflows: readonly Pick<AnyWorkflow<never>, 'name' | 'version' | 'key' | 'steps' | 'pivot' | 'undoable'>[];
  readonly observe?: Observe;
}

/** A run to start. */
export interface Start {
  /** Made from what the run is about, so that there is one: starting it again does nothing. */
  readonly id: string;
  readonly subject: string;
  readonly input?: object;
  readonly correlationId?: string;
}

/** A run with the steps that it has behind it. */
export interface RunDetails {
  readonly run: Run;
  readonly steps: readonly RunStep[];
}

/** Starts runs, looks at them and steers them. Executes none: workers do. */
export class WorkflowClient {
  private readonly sql: Sql;
  private readonly rest: RestWatch;
  /** Only who waits for runs has to listen. */
  private listener: Listener | undefined;

  constructor(
    private readonly options: ClientOptions,
    private readonly pool: Pool,
    private readonly dbos: Promise<DBOSClient>,
  ) {
    this.sql = sqlOfPool(pool);
    this.rest = new RestWatch(this.sql);
  }

  /**
   * Starts a run in the caller's transaction: it exists when that commits, and workers hear of it then. False: there is a run with this id.
   * @throws {WorkflowError} WORKFLOW_UNKNOWN.
   */
  async start(tx: Transaction, workflow: string, { id, subject, input = {}, correlationId }: Start): Promise<boolean> {
    const { name, version, key } = this.latest(workflow);
    const isNew = await insertRun(sqlOf(tx), { id, workflow: name, version, subject, input, correlationId: correlationId ?? null });
    if (!isNew) return false;
    const enqueue = { queueName: key, workflowName: key, workflowID: id, appVersion: applicationVersion };
    await (await this.dbos).enqueueInTransaction(asPgClient(tx), enqueue, id);
    return true;
  }

  /** Starts a run in a transaction of its own and waits until it rests. For tools and tests; services start within their own. */
  async execute(workflow: string, start: Start, { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {}): Promise<Run> {
    await inTransaction(this.pool, (tx) => this.start(tx, workflow, start));
    return this.settled(start.id, { timeoutMs });
  }

  /** Waits until a run rests (see `isResting`) or the time is over, and answers how it stands then. @throws {WorkflowError} RUN_UNKNOWN. */
  async settled(id: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<Run> {
    await this.untilRest(id, { timeoutMs });
    return this.required(id);
  }

  /** Waits as `settled` does, without an answer. Never rejects: for calls whose work is done and that only want to answer with its end. */
  async untilRest(id: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    this.listener ??= this.listen();
    await this.rest.resting(id, timeoutMs);
  }

  /** A run and its steps; null when there is none. */
  async get(id: string): Promise<RunDetails | null> {
    const run = await findRun(this.sql, id);
    return run && { run, steps: (await this.steps([id])).get(id) ?? [] };
  }

  /** The steps of several runs, by id. */
  steps(ids: readonly string[]): Promise<ReadonlyMap<string, readonly RunStep[]>> {
    return listSteps(this.sql, ids);
  }

  /** A run without its steps; null when there is none. */
  find(id: string): Promise<Run | null> {
    return findRun(this.sql, id);
  }

  /** Runs, newest first. */
  list(filter: RunFilter = {}): Promise<Run[]> {
    return listRuns(this.sql, filter);
  }

  /** How many runs a list without a limit would have. */
  count(filter: RunFilter = {}): Promise<number> {
    return countRuns(this.sql, filter);
  }

  /**
   * Sends a signal, in the caller's transaction. A step that waits for it goes on; one that will wait for it finds it then.
   * @throws {WorkflowError} RUN_UNKNOWN.
   */
  async signal(tx: Transaction, id: string, signal: string, value: unknown = null): Promise<void> {
    if ((await findRun(sqlOf(tx), id)) === null) throw unknown(id);
    await (await this.dbos).sendInTransaction(asPgClient(tx), id, { signal, value }, signalTopic(signal));
  }

  /** Changes fields of the input of a run that waits, and takes it up, in the caller's transaction. False: it does not wait. */
  async amend(tx: Transaction, id: string, input: object): Promise<boolean> {
    const run = await findRun(sqlOf(tx), id);
    if (run === null || !(await amendWaiting(sqlOf(tx), id, input))) return false;
    await (await this.dbos).sendInTransaction(asPgClient(tx), id, { wake: true }, topicOf(run));
    return true;
  }

  /**
   * Takes a run up at once: one that waits looks again, one that pauses tries again, one that was cancelled or given up is continued.
   * @throws {WorkflowError} RUN_UNKNOWN, RUN_NOT_RESUMABLE when it is DONE or REFUSED.
   */
  async resume(id: string): Promise<Run> {
    const run = await this.required(id);
    if (run.status === 'DONE' || run.status === 'REFUSED') {
      throw new WorkflowError('RUN_NOT_RESUMABLE', `The run ${id} is ${run.status}: there is nothing left to do.`);
    }
    if (run.status === 'WAITING') await (await this.dbos).send(id, { wake: true }, topicOf(run));
    else if (hasEnded(run.status)) await reopen(this.sql, await this.dbos, run);
    else await this.notify(wakeChannel, id);
    return this.required(id);
  }

  /**
   * Stops a run where it is. Nothing is undone; `resume` continues it.
   * @throws {WorkflowError} RUN_UNKNOWN, RUN_NOT_CANCELLABLE when it has ended.
   */
  async cancel(id: string): Promise<Run> {
    const run = await this.required(id);
    if (hasEnded(run.status))
      throw new WorkflowError('RUN_NOT_CANCELLABLE', `The run ${id} is ${run.status}: it cannot be stopped any more.`);
    await (await this.dbos).cancelWorkflow(id);
    await endRun(this.sql, id, 'CANCELLED');
    await this.notify(wakeChannel, id);
    return this.required(id);
  }

  /**
   * Turns a run around that has not come to its pivot, or waits in it: it is refused and everything undone.
   * @throws {WorkflowError} RUN_UNKNOWN, RUN_NOT_COMPENSABLE when its pivot may have happened, or it is undone already, or ended.
   */
  async compensate(id: string, refusal: Refusal): Promise<Run> {
    const details = await this.get(id);
    if (details === null) throw unknown(id);
    const { run, steps } = details;
    const known = this.options.workflows.find(({ name, version }) => name === run.workflow && version === run.version);
    const isBehind = known !== undefined && mayBeBehindPivot(known, run, steps);
    if (isBehind || !(await askToTurnAround(this.sql, id, refusal))) {
      const why = isBehind && !hasEnded(run.status) ? 'it may have passed the point of no return' : `it is ${run.status}`;
      throw new WorkflowError('RUN_NOT_COMPENSABLE', `The run ${id} cannot be turned around: ${why}.`);
    }
    return this.resume(id);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.rest.hearAll();
    await this.listener?.stop();
    await (await this.dbos).destroy();
    await this.pool.end();
  }

  private listen(): Listener {
    const { name, url, observe = silent } = this.options;
    return new Listener({
      url,
      applicationName: `${name}-workflow-client-listener`,
      channels: { [restChannel]: (id) => this.rest.hear(id) },
      onListening: () => this.rest.hearAll(),
      onTrouble: (error) => observe({ kind: 'trouble', where: 'listener', error }),
    });
  }

  private latest(workflow: string) {
    const versions = this.options.workflows.filter(({ name }) => name === workflow).sort((left, right) => right.version - left.version);
    const [latest] = versions;
    if (!latest) {
      const known = [...new Set(this.options.workflows.map(({ name }) => name))].join(', ');
      throw new WorkflowError('WORKFLOW_UNKNOWN', `There is no workflow ${JSON.stringify(workflow)}, only: ${known || 'none'}.`);
    }
    return latest;
  }

  private async required(id: string): Promise<Run> {
    const run = await this.find(id);
    if (run === null) throw unknown(id);
    return run;
  }

  private async notify(channel: string, payload: string): Promise<void> {
    await this.sql('SELECT pg_notify($1, $2)::text', [channel, payload]);
  }
}

/** A pivot that was begun may have happened, unless it waits: then it has said that it did not. */
function mayBeBehindPivot(
  { steps: declared, pivot, undoable }: ClientOptions['workflows'][number],
  { status }: Run,
  steps: readonly RunStep[],
): boolean {
  const hasDone = (n: number) => steps.some(({ name, outcome }) => name === declared[n]?.name && outcome === 'DONE');
  if (undoable === 0 || hasDone(undoable - 1)) return true;
  const isBegun = pivot !== undefined && (undoable === 1 || hasDone(undoable - 2));
  return isBegun && status !== 'WAITING';
}

function topicOf({ waitingFor }: Run): string {
  return waitingFor === null ? timerTopic : signalTopic(waitingFor);
}

function unknown(id: string): WorkflowError {
  return new WorkflowError('RUN_UNKNOWN', `There is no run ${JSON.stringify(id)}.`);
}

/** Connects, lazily, to a database whose migrations have brought the tables; `close` ends it. */
export function connectWorkflows(options: ClientOptions): WorkflowClient {
  const { name, url, observe = silent } = options;
  const pool = openPool({ url, applicationName: `${name}-workflow-client`, max: 4, observe });
  const dbos = DBOSClient.create({
    systemDatabaseUrl: url,
    systemDatabasePool: pool,
    systemDatabaseSchemaName: dbosSchema,
    applicationName: name,
    logger: engineLog(observe),
  });
  return new WorkflowClient(options, pool, dbos);
}
