import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lineProgress, logFormat, projectLayout, startThrowawaySupergraph } from '@app/platform';
import type { TestProject } from 'vitest/node';
import { allHold, findingsTable } from './invariants/invariant.ts';
import { settledFindings } from './invariants/settled.ts';

/** The subgraphs that scenarios are about. */
export type SubgraphName = 'accounts' | 'products' | 'reviews' | 'orders';

declare module 'vitest' {
  interface ProvidedContext {
    /** The running gateway's GraphQL endpoint. */
    gatewayUrl: string;
    /** Origin of each subgraph, without a path. */
    subgraphUrls: Readonly<Record<SubgraphName, string>>;
    /** Port of each subgraph; `findListener` of @app/platform tells the process. */
    subgraphPorts: Readonly<Record<SubgraphName, number>>;
    /** Connection string of each database as its owner. */
    databaseUrls: Readonly<Record<SubgraphName, string>>;
    supergraphRedisUrl: string;
    metricsUrl: string;
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** The whole supergraph with demo data, once for all end-to-end tests. What its processes log goes to .data/log/e2e.log. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(`${root}.data/log`, { recursive: true });
  const log = createWriteStream(`${root}.data/log/e2e.log`);
  const format = logFormat(['products-worker'], false);
  const running = await startThrowawaySupergraph({
    layout: projectLayout(root),
    env: process.env,
    nodeArgs: ['--import=tsx'],
    progress: lineProgress((line) => process.stderr.write(`${line}\n`)),
    onProcessEvent: (event) => log.write(`${format.line(event.name, event.kind === 'line' ? event.line : event.kind)}\n`),
    seedScale: 1,
  });
  const { config } = running;
  project.provide('gatewayUrl', running.gatewayUrl);
  project.provide('subgraphUrls', byName(Object.entries(running.subgraphUrls)));
  project.provide('subgraphPorts', byName(config.subgraphs.map(({ name, port }) => [name, port])));
  project.provide('databaseUrls', byName(Object.entries(running.databaseUrls).map(([name, { owner }]) => [name, owner])));
  project.provide('supergraphRedisUrl', running.redisUrl);
  project.provide('metricsUrl', `http://localhost:${config.metricsPort}/metrics`);
  return async () => {
    const urls = Object.fromEntries(Object.entries(running.databaseUrls).map(([name, { owner }]) => [name, owner]));
    const findings = await settledFindings(urls, { withinMs: 30_000 });
    await running.stop();
    log.end();
    process.stdout.write(`\nAfter all scenarios:\n${findingsTable(findings)}\n`);
    if (!allHold(findings)) throw new Error('the databases disagree after the end-to-end tests');
  };
}

function byName<Value>(entries: [string, Value][]): Record<SubgraphName, Value> {
  return Object.fromEntries(entries) as Record<SubgraphName, Value>;
}
