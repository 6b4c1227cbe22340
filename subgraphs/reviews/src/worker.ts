import { createLogger } from '@app/observability';
import { readConfig } from './config.ts';
import { startWorker } from './start-worker.ts';

const config = readConfig();
const logger = createLogger({ service: 'reviews-worker', level: config.logLevel });
const worker = await startWorker(config, logger);
logger.info({ port: worker.port }, 'the worker of reviews is ready');

for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.once(signal, () => {
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the worker of reviews did not stop cleanly');
        process.exit(1);
      },
    );
  });
}
