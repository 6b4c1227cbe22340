import { createLogger } from '@app/observability';
import { freePort } from '@app/platform';
import { testDatabase } from '@app/testing';
import { type PaymentsServer, startPayments } from '../app.ts';
import { type PaymentsConfig, readConfig } from '../config.ts';
import { deliveryOf, startWorker, type Worker } from '../start-worker.ts';

/** How a kit is started. */
export interface KitOptions {
  /** Key that calls are signed with. */
  readonly key: string;
  readonly redisUrl?: string;
  readonly now?: () => Date;
}

/** The secret of webhooks in tests. */
export const webhookSecret = 'secret-of-webhooks-in-all-the-tests';

/** The payments service on its own database, reached over gRPC and HTTP as others reach it; for its tests and those of its callers. */
export class PaymentsKit implements AsyncDisposable {
  /** Every line that the server logged at warning or above. */
  readonly log: string[] = [];
  config!: PaymentsConfig;
  databaseUrl = '';
  private running!: PaymentsServer;
  private readonly owned = new AsyncDisposableStack();

  static async start({ key, redisUrl, now = () => new Date() }: KitOptions): Promise<PaymentsKit> {
    const kit = new PaymentsKit();
    const database = kit.owned.use(await testDatabase('payments'));
    kit.databaseUrl = database.url;
    // The address is part of what the sandbox hands out, so the port is known before it is bound.
    const port = await freePort();
    kit.config = readConfig({
      PAYMENTS_PORT: String(port),
      PAYMENTS_RPC_PORT: '0',
      PAYMENTS_URL: `http://localhost:${port}`,
      SANDBOX_URL: `http://localhost:${port}/sandbox`,
      DATABASE_URL_PAYMENTS: database.url,
      INTERNAL_KEY_PAYMENTS: key,
      PAYMENTS_WEBHOOK_SECRET: webhookSecret,
      SANDBOX_LATE_SECONDS: '60',
      SANDBOX_CONFIRM_SECONDS: '0',
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    });
    const logger = createLogger({ service: 'payments', level: 'warn', destination: { write: (line: string) => void kit.log.push(line) } });
    kit.running = await startPayments({ config: kit.config, logger, now });
    return kit;
  }

  get db() {
    return this.running.parts.db;
  }

  get deps() {
    return this.running.parts.deps;
  }

  get sandbox() {
    return this.running.parts.sandbox;
  }

  /** Where it answers gRPC. */
  get rpcUrl(): string {
    return `http://localhost:${this.running.rpc.port}`;
  }

  /** Where it answers webhooks, and where the sandbox's page is. */
  get url(): string {
    return `http://localhost:${this.running.port}`;
  }

  /** Starts the worker: the bank of the sandbox, and the relay of events. */
  startWorker(): Worker {
    return startWorker(this.config);
  }

  /** What the worker does for the sandbox in a round. */
  async deliver(): Promise<number> {
    await this.sandbox.confirmDue();
    return deliveryOf(this.config, this.running.parts)();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.close();
    await this.owned.disposeAsync();
  }
}
