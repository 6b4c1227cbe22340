import { parseArgs } from 'node:util';
import { createLogger, type Logger } from '@app/observability';
import { startGateway } from './app.ts';
import { type Config, loadConfig } from './config.ts';

/** Starts the gateway and ends it on SIGINT or SIGTERM: the first drains, the second ends at once. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const gateway = await startGateway(config, logger).catch((error: unknown) => fail(logger, error));
  let isEnding = false;
  const end = (signal: string) => {
    if (isEnding) process.exit(1);
    isEnding = true;
    logger.info({ signal }, 'draining');
    gateway.stop().then(
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
