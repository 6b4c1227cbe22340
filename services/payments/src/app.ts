import { CircuitBreakers } from '@app/circuit-breaker';
import { createLogger, createMetrics, type Logger, Readiness } from '@app/observability';
import { type RpcServer, startRpcServer } from '@app/rpc';
import type { PaymentsConfig } from './config.ts';
import { type Database, openDatabase } from './data/database.ts';
import { createHttpServer } from './http/server.ts';
import { guardProvider } from './provider/guard-provider.ts';
import { paymentsRoutes } from './rpc/payments-routes.ts';
import { SandboxProvider } from './sandbox/sandbox-provider.ts';
import type { Deps } from './service/deps.ts';

/** What a process is made of. */
export interface Surroundings {
  readonly config: PaymentsConfig;
  readonly logger?: Logger;
  readonly now?: () => Date;
}

/** What server and worker share; `close` gives everything back. */
export interface Parts {
  readonly deps: Deps;
  readonly db: Database;
  readonly sandbox: SandboxProvider;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** Opens the database and wires the use cases. */
export function buildParts({ config, logger: given, now = () => new Date() }: Surroundings): Parts {
  const logger = given ?? createLogger({ service: 'payments', level: config.LOG_LEVEL });
  const db = openDatabase(config.DATABASE_URL_PAYMENTS);
  const sandbox = new SandboxProvider({
    db,
    confirmUrl: config.SANDBOX_URL.replace(/\/$/, ''),
    webhookSecret: config.PAYMENTS_WEBHOOK_SECRET,
    timing: { lateMs: config.SANDBOX_LATE_SECONDS * 1000, confirmMs: config.SANDBOX_CONFIRM_SECONDS * 1000 },
    now,
  });
  const deps: Deps = { db, provider: guardProvider(sandbox, new CircuitBreakers()), now, logger };
  return { deps, db, sandbox, logger, close: () => db.$disconnect() };
}

/** A running payments service. */
export interface PaymentsServer {
  readonly parts: Parts;
  readonly rpc: RpcServer;
  /** Port of webhooks and the sandbox's page. */
  readonly port: number;
  readonly readiness: Readiness;
  /** Lets what is under way finish; safe to call twice. */
  close(): Promise<void>;
}

/** Starts the gRPC and the HTTP server on the configured ports. */
export async function startPayments(surroundings: Surroundings): Promise<PaymentsServer> {
  const { config } = surroundings;
  const parts = buildParts(surroundings);
  const { deps, sandbox, logger } = parts;
  const readiness = new Readiness({ database: async () => void (await parts.db.$queryRaw`SELECT 1`) });
  const http = createHttpServer({ deps, sandbox, readiness, metrics: createMetrics({ service: 'payments' }), logger });
  const rpc = await startRpcServer(
    {
      name: 'payments',
      key: config.INTERNAL_KEY_PAYMENTS,
      routes: paymentsRoutes(deps),
      onError: (error) => logger.error({ err: error }, 'a call failed'),
    },
    config.PAYMENTS_RPC_PORT,
  );
  await http.listen({ port: config.PAYMENTS_PORT, host: '::' });
  readiness.ready();
  const address = http.server.address();
  const port = typeof address === 'object' && address ? address.port : config.PAYMENTS_PORT;
  let closing: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all([http.close(), rpc.close()]);
    await parts.close();
  };
  return { parts, rpc, port, readiness, close: () => (closing ??= stop()) };
}
