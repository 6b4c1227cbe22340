import { Pool } from 'pg';
import { startWorkflowWorker } from '../worker.ts';
import { ferry } from './ferry.ts';

/** An instance of its own process: `ferry-worker.ts URL EXECUTOR LEASE_MS`. Says `ready`, and `taken-over` when it does that. */
const [url = '', executor = '', leaseMs = '5000'] = process.argv.slice(2);
const pool = new Pool({ connectionString: url, max: 4 });
pool.on('error', () => undefined);
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('dead');
};
const worker = await startWorkflowWorker({
  name: 'bench',
  url,
  workflows: [ferry],
  deps: { pool, executor, die },
  executor,
  leaseMs: Number(leaseMs),
  observe: (event) => void (event.kind === 'taken-over' && process.stdout.write(`taken-over ${event.executor}\n`)),
});
process.stdout.write('ready\n');
process.on('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
