import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { otherCore, pin } from '../pinned-process.ts';
import { measureLatency } from './latency.ts';
import { startServices } from './services.ts';
import { measureThroughput } from './throughput.ts';

/** `npm run bench:events [-- --events 20000 --seconds 10 --report]`: the relay on one core, and the way from commit to handler. */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '10' },
    report: { type: 'boolean', default: false },
  },
});
const loadBefore = loadavg()[0]?.toFixed(1);
pin(process.pid, otherCore);
await using services = await startServices();
const rows: string[] = [];
for (const transport of ['redis', 'nats'] as const) {
  const { events, perSecond, cost } = await measureThroughput(services, transport, Number(values.events));
  const { p50, p99, max } = await measureLatency(services, transport, Number(values.seconds));
  const name = transport === 'redis' ? 'Redis Streams' : 'NATS JetStream';
  const cells = [name, events, perSecond.toFixed(0), cost.toFixed(3), p50.toFixed(1), p99.toFixed(1), max.toFixed(1)];
  rows.push(`| ${cells.join(' | ')} |`);
}
const table = [
  '| transport | events | relayed per second | CPU s per 1,000 | commit to handler, p50 ms | p99 ms | longest ms |',
  '|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
process.stdout.write(`${table}\n`);
if (values.report) {
  const intro = `# Events\n\nOne relay on one core empties an outbox of ${values.events} events; Postgres, brokers and everything else share another core. Latency: 50 events a second for ${values.seconds} s, from the return of the commit to the beginning of the handler. The machine's load average before was ${loadBefore}: above 1 others were at work on it. Written by \`npm run bench:events -- --report\`.\n\n`;
  await mkdir(new URL('../results/', import.meta.url), { recursive: true });
  await writeFile(new URL('../results/events.md', import.meta.url), `${intro}${table}\n`);
}
