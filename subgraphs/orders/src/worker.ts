import { readConfig } from './config.ts';
import { startWorker } from './start-worker.ts';

const worker = await startWorker(readConfig());

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal, () => void worker.stop().then(() => process.exit(0)));
}
