import { createLogger } from '@app/observability';
import { startApp } from './app.ts';
import { readConfig } from './config.ts';

const config = readConfig();
const logger = createLogger({ service: 'reviews', level: config.logLevel });
const app = await startApp(config, logger);
logger.info({ port: app.server.port }, 'reviews is ready');

for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.once(signal, () => {
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'reviews did not stop cleanly');
        process.exit(1);
      },
    );
  });
}
