import { startRegistry } from './app.ts';
import { readConfig } from './config.ts';

const registry = await startRegistry({ config: readConfig() });
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.on(signal, () => void registry.stop().then(() => process.exit(0)));
