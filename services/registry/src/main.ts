import { startRegistry } from './app.ts';
import { readConfig } from './config.ts';

const registry = await startRegistry({ config: readConfig() });
let isStopping = false;

/** The first signal answers who waits and finishes what is under way; the second ends at once. */
function stop(): void {
  if (isStopping) process.exit(1);
  isStopping = true;
  void registry.stop().then(() => process.exit(0));
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, stop);
