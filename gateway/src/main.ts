import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createLogger, type Logger } from '@app/observability';
import { startGateway } from './app.ts';
import { startCluster } from './cluster/primary.ts';
import { linkToPrimary } from './cluster/worker-link.ts';
import { type Config, loadConfig } from './config.ts';

/** Starts the gateway, in this process or in several, and ends it on SIGINT or SIGTERM: the first drains, the second ends at once. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const workers = config.WORKERS === 0 ? availableParallelism() : config.WORKERS;
  if (cluster.isWorker) await runWorker(config, logger);
  else if (workers > 1) await runCluster(config, logger, workers);
  else endOnSignals(await startGateway(config, logger).catch((error: unknown) => fail(logger, error)), logger);
}

async function runCluster(config: Config, logger: Logger, workers: number): Promise<void> {
  const running = await startCluster(config, logger, workers).catch((error: unknown) => fail(logger, error));
  endOnSignals(running, logger);
  process.on('SIGHUP', () => {
    logger.info('replacing all workers');
    running.restart().then(
      () => logger.info('all workers replaced'),
      (error: unknown) => logger.error({ err: error }, 'not all workers were replaced'),
    );
  });
}

/** The primary says when to end; a terminal's Ctrl-C reaches all processes and is the primary's to act on. */
async function runWorker(config: Config, logger: Logger): Promise<void> {
  process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined);
  const link = linkToPrimary(() => process.exit(1));
  const gateway = await startGateway(config, logger, link).catch((error: unknown) => fail(logger, error));
  process.once('SIGTERM', () => void gateway.stop().finally(() => process.exit(0)));
}

function endOnSignals(running: { stop(): Promise<void> }, logger: Logger): void {
  let isEnding = false;
  const end = (signal: string) => {
    if (isEnding) process.exit(1);
    isEnding = true;
    logger.info({ signal }, 'draining');
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(logger, error),
    );
  };
  process.on('SIGTERM', end).on('SIGINT', end);
}

function readConfig(): Config {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { supergraph: text, 'supergraph-url': text, port: text, config: text } });
    return loadConfig({ ...values, supergraphUrl: values['supergraph-url'] });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

function fail(logger: Logger, error: unknown): never {
  logger.fatal({ err: error }, 'the gateway ends');
  process.exit(1);
}

await main();
