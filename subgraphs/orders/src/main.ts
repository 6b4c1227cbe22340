import { startOrders } from './app.ts';
import { readConfig } from './config.ts';

const { parts, server, readiness } = await startOrders({ config: readConfig() });
parts.logger.info({ port: server.port }, 'orders is listening');

let stopping: Promise<void> | undefined;

/** Lets requests in flight finish, then gives everything back; called twice it waits for the same end. */
function stop(): Promise<void> {
  readiness.drain();
  stopping ??= server
    .close()
    .then(() => parts.close())
    .then(() => process.exit(0));
  return stopping;
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop());
