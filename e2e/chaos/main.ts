import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lineProgress, logFormat, projectLayout, startThrowawaySupergraph } from '@app/platform';
import { allHold } from '../invariants/invariant.ts';
import { roundReport } from './report.ts';
import { chaosRound } from './round.ts';

/**
 * `npm run chaos -- [--minutes 10] [--seed N] [--buyers 6] [--transport redis|nats]`: a graph of its own on free ports is
 * harmed while buyers buy. Exit code 1 when an invariant is broken afterwards. What the processes log goes to .data/log/chaos.log.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    buyers: { type: 'string', default: '6' },
    transport: { type: 'string', default: 'redis' },
  },
});
const write = (text: string) => process.stdout.write(`${text}\n`);
await mkdir(`${root}.data/log`, { recursive: true });
const log = createWriteStream(`${root}.data/log/chaos.log`);
const format = logFormat(['products-worker'], false);
const graph = await startThrowawaySupergraph({
  layout: projectLayout(root),
  env: process.env,
  nodeArgs: ['--import=tsx'],
  progress: lineProgress(write),
  onProcessEvent: (event) => log.write(`${format.line(event.name, event.kind === 'line' ? event.line : event.kind)}\n`),
  seedScale: 1,
  eventTransport: values.transport === 'nats' ? 'nats' : 'redis',
});
write(`seed ${values.seed}`);
try {
  const seconds = Number(values.minutes) * 60;
  const round = await chaosRound(graph, { seconds, seed: Number(values.seed), buyers: Number(values.buyers), settleSeconds: 180 });
  for (const { atMs, what, whom } of round.harms) write(`${(atMs / 1_000).toFixed(1).padStart(6)} s  ${what} ${whom}`);
  write(`\n${roundReport(round)}`);
  process.exitCode = allHold(round.findings) ? 0 : 1;
} finally {
  await graph.stop();
  log.end();
}
