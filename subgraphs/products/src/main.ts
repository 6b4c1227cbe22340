import { startProducts } from './app.ts';
import { readConfig } from './config.ts';

const { parts, server, rpc, readiness } = await startProducts({ config: readConfig() });
parts.logger.info({ port: server.port, rpcPort: rpc.port }, 'products is listening');

let stopping: Promise<void> | undefined;

/** Lets requests and calls in flight finish, then gives everything back; called twice it waits for the same end. */
function stop(): Promise<void> {
  readiness.drain();
  stopping ??= Promise.all([server.close(), rpc.close()])
    .then(() => parts.close())
    .then(() => process.exit(0));
  return stopping;
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop());
