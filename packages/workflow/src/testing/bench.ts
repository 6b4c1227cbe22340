import { type TestDatabase, testDatabase } from '@app/testing';
import { Pool } from 'pg';
import { connectWorkflows, type WorkflowClient } from '../client.ts';
import type { AnyWorkflow } from '../define-workflow.ts';
import type { Run } from '../run.ts';
import { inTransaction } from '../transaction.ts';
import { startWorkflowWorker, type WorkerOptions, type WorkflowWorker } from '../worker.ts';
import type { WorkflowEvent } from '../workflow-event.ts';

/** A database with a client and, when started, a worker: what the tests work with. */
export class Bench<Deps> implements AsyncDisposable {
  readonly events: WorkflowEvent[] = [];
  private constructor(
    readonly database: TestDatabase,
    readonly pool: Pool,
    readonly client: WorkflowClient,
    private readonly options: Pick<WorkerOptions<Deps>, 'workflows' | 'deps'>,
  ) {}

  private worker: WorkflowWorker | undefined;

  static async open<Deps>(workflows: readonly AnyWorkflow<Deps>[], deps: Deps): Promise<Bench<Deps>> {
    const database = await testDatabase('orders');
    const client = connectWorkflows({ name: 'bench', url: database.url, workflows });
    return new Bench(database, new Pool({ connectionString: database.ownerUrl }), client, { workflows, deps });
  }

  async startWorker(options: Partial<WorkerOptions<Deps>> = {}): Promise<WorkflowWorker> {
    const observe = (event: WorkflowEvent) => void this.events.push(event);
    this.worker = await startWorkflowWorker({ name: 'bench', url: this.database.url, ...this.options, observe, ...options });
    return this.worker;
  }

  /** Stops the worker and starts another. */
  async restartWorker(options: Partial<WorkerOptions<Deps>> = {}): Promise<WorkflowWorker> {
    await this.worker?.stop({ drainMs: 1_000 });
    return this.startWorker(options);
  }

  /** Starts a run in a transaction of its own. */
  start(workflow: string, id: string, input: object = {}): Promise<boolean> {
    return inTransaction(this.pool, (tx) => this.client.start(tx, workflow, { id, subject: `about ${id}`, input }));
  }

  /** Waits for a run to rest. */
  settled(id: string): Promise<Run> {
    return this.client.settled(id, { timeoutMs: 45_000 });
  }

  kinds(kind: WorkflowEvent['kind']): WorkflowEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker?.stop({ drainMs: 1_000 });
    await this.client.close();
    await this.pool.end();
    await this.database[Symbol.asyncDispose]();
  }
}
