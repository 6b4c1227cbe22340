import { startPayments } from './app.ts';
import { readConfig } from './config.ts';

const { parts, port, rpc, readiness, close } = await startPayments({ config: readConfig() });
parts.logger.info({ port, rpcPort: rpc.port }, 'payments is listening');

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal, () => {
    readiness.drain();
    void close().then(() => process.exit(0));
  });
}
