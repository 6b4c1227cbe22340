import { startDashboard } from '../src/dashboard.ts';

/** The dashboard of a development machine; see `JOBS_PORT`. */
const dashboard = await startDashboard({
  url: process.env['REDIS_URL'] ?? 'redis://localhost:16379',
  queues: (process.env['JOB_QUEUES'] ?? '').split(',').filter((name) => name !== ''),
  port: Number(process.env['JOBS_PORT'] ?? 8026),
  onError: (error) => process.stderr.write(`${error.message}\n`),
});
process.stdout.write(`jobs are shown at ${dashboard.url}\n`);
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.on(event, () => void dashboard.close().then(() => process.exit(0)));
