import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { keepBuying, type Purchase } from '../../e2e/chaos/buyer.ts';
import { randomOf } from '../../e2e/chaos/random.ts';
import { variantsInStock } from '../../e2e/chaos/round.ts';
import { allHold, findingsTable } from '../../e2e/invariants/invariant.ts';
import { settledFindings } from '../../e2e/invariants/settled.ts';
import { gatewayCore, otherCore, pin } from '../pinned-process.ts';

/**
 * `npm run bench:checkout [-- --seconds 20 --buyers 8 --report]`: gateway, subgraphs, workers, Postgres and Redis share one
 * core, the buyers have another. A checkout is four mutations: cart, contact, shipping, order.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    // Ten processes that have just started compile on that one core.
    warmup: { type: 'string', default: '40' },
    buyers: { type: 'string', default: '8' },
    report: { type: 'boolean', default: false },
  },
});

interface Graph {
  readonly gatewayUrl: string;
  readonly databaseUrls: Readonly<Record<string, string>>;
}

/** Buys for a while; answers every purchase. */
async function buy({ gatewayUrl: url }: Graph, seconds: number, buyers: number): Promise<readonly Purchase[]> {
  const variantIds = await variantsInStock(url);
  const signal = AbortSignal.timeout(seconds * 1_000);
  const purchases: Purchase[] = [];
  const shoppers = Array.from({ length: buyers }, (_, n) => {
    return keepBuying({ url, random: randomOf(n), variantIds, signal, cards: ['tok_visa'], restMs: 0 }, (each) => purchases.push(each));
  });
  await Promise.all(shoppers);
  return purchases;
}

function tableOf(purchases: readonly Purchase[], seconds: number): string {
  const placed = purchases.filter((purchase) => purchase.kind === 'placed');
  const waits = placed.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0).toFixed(0);
  const refused = purchases.length - placed.length;
  return [
    '| checkouts | per second | refused or failed | order answered, p50 ms | p95 ms | p99 ms |',
    '|---|---|---|---|---|---|',
    `| ${[placed.length, (placed.length / seconds).toFixed(1), refused, at(0.5), at(0.95), at(0.99)].join(' | ')} |`,
  ].join('\n');
}

const loadBefore = loadavg()[0]?.toFixed(1);
pin(process.pid, otherCore);
const child = fork(new URL('./graph-process.ts', import.meta.url), {
  execArgv: ['--import=tsx'],
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
if (child.pid !== undefined) pin(child.pid, gatewayCore);
const [message] = await Promise.race([
  once(child, 'message'),
  once(child, 'exit').then(() => Promise.reject(new Error('the graph did not start'))),
]);
const graph = message as Graph;
const [seconds, buyers] = [Number(values.seconds), Number(values.buyers)];
await buy(graph, Number(values.warmup), buyers);
const table = tableOf(await buy(graph, seconds, buyers), seconds);
const findings = await settledFindings(graph.databaseUrls, { withinMs: 60_000 });
process.stdout.write(`${table}\n\n${findingsTable(findings)}\n`);
if (values.report) {
  const intro = `# Checkouts\n\n${buyers} buyers for ${seconds} s, after ${values.warmup} s of warming up. Gateway, subgraphs, workers, Postgres and Redis share one core; a checkout is four mutations (cart, contact, shipping, order), and the order's durable run. Afterwards ${allHold(findings) ? 'all' : 'NOT all'} ${findings.length} invariants held. The machine's load average before was ${loadBefore}: above 1 others were at work on it. Written by \`npm run bench:checkout -- --report\`.\n\n`;
  await mkdir(new URL('../results/', import.meta.url), { recursive: true });
  await writeFile(new URL('../results/checkout.md', import.meta.url), `${intro}${table}\n`);
}
process.exitCode = allHold(findings) ? 0 : 1;
const exited = once(child, 'exit');
child.disconnect();
await exited;
