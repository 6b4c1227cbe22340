import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCacheDir, findRedis, freePort, startRedis } from '@app/platform';
import { startTestIssuer, type TestIssuer } from '../gateway/src/testing/test-issuer.ts';
import { type Contestant, uncached } from './contestants.ts';
import type { Operation } from './load.ts';
import { freePorts, type Measured, measure, nothingYet } from './measure.ts';
import { otherCore, PinnedProcess, pin } from './pinned-process.ts';
import { toRow } from './report.ts';
import { composeSupergraph } from './supergraph.ts';
import { type WorkloadName, workloads } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string', default: 'twoFetches' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
  },
});

const scope = '@requiresScopes(scopes: [["orders:read"], ["accounts:read", "catalog:write"]])';

/** The same subgraphs with rules on what the workloads ask for: types, fields, and fields that others require. */
function protect(sdl: string): string {
  return sdl
    .replace('v2.3", import: [', 'v2.12", import: ["@authenticated", "@requiresScopes", ')
    .replace('users: [User]', `users: [User] ${scope}`)
    .replace('topProducts(first: Int = 5): [Product]', `topProducts(first: Int = 5): [Product] ${scope}`)
    .replace('type Review @key', 'type Review @authenticated @key')
    .replace('shippingEstimate: Int', `shippingEstimate: Int ${scope} @authenticated`)
    .replaceAll('price: Int ', 'price: Int @authenticated ')
    .replace('@authenticated @external', '@external');
}

/** One way to ask the same. */
interface Variant {
  readonly name: string;
  readonly isProtected: boolean;
  readonly next: (query: string) => () => Operation;
}

async function variants(issuer: TestIssuer): Promise<Variant[]> {
  const tokens = await Promise.all(
    Array.from({ length: 10_000 }, (_, n) => issuer.token(['ADMIN'], { claims: { sub: `usr_${n}`, sid: `ses_${n}` } })),
  );
  const ofMany = (count: number) => (query: string) => {
    const operations = tokens.slice(0, count).map((token) => ({ query, headers: { authorization: `Bearer ${token}` } }));
    let n = 0;
    return () => operations[n++ % count] ?? { query };
  };
  return [
    { name: 'no rules, no tokens', isProtected: false, next: (query) => () => ({ query }) },
    { name: 'rules, 1,000 tokens', isProtected: true, next: ofMany(1_000) },
    { name: 'rules, 10,000 tokens, most of them new', isProtected: true, next: ofMany(10_000) },
  ];
}

/** What rules and tokens cost: the same operation over the same subgraphs, with and without. */
async function main(): Promise<void> {
  const query = workloads[options.workload as WorkloadName];
  if (query === undefined) throw new RangeError(`--workload must be one of ${Object.keys(workloads).join(', ')}`);
  pin(process.pid, otherCore);
  await using owned = new AsyncDisposableStack();
  const firstPort = await freePorts(5);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  owned.defer(() => rmSync(scratch, { recursive: true }));
  const program = await findRedis({ path: process.env['PATH'] ?? '', cacheDir: defaultCacheDir(process.env) });
  const redis = await startRedis({ program, port: await freePort(), dataDir: scratch, mode: 'throwaway' });
  owned.defer(() => redis.stop());
  const issuer = owned.use(await startTestIssuer());
  owned.use(
    PinnedProcess.start(otherCore, {
      args: ['--import', 'tsx', new URL('subgraph-server.ts', import.meta.url).pathname, String(firstPort)],
    }),
  );
  const all = await variants(issuer);
  const measured = new Map<string, Measured>();
  for (let n = 0; n < Number(options.rounds); n++) {
    for (const { name, isProtected, next } of all) {
      const supergraphFile = join(scratch, `${isProtected}.graphql`);
      writeFileSync(supergraphFile, composeSupergraph(firstPort, isProtected ? protect : undefined));
      const env = { REDIS_URL: redis.url, ISSUERS: issuer.config, RATE_USER: '1000000000' };
      const result = measured.get(name) ?? nothingYet();
      const round = {
        next: next(query),
        connections: 16,
        warmUpMs: 2_000,
        durationMs: Number(options.seconds) * 1_000,
        subgraphCalls: async () => 0,
      };
      await measure(gatewayWith(name, env), { firstPort, supergraphFile }, round, result);
      measured.set(name, result);
      process.stderr.write(`round ${n + 1}: ${name}\n`);
    }
  }
  publish(all.map(({ name }) => toRow(gatewayWith(name, {}), measured.get(name) ?? nothingYet())));
}

function gatewayWith(name: string, env: Record<string, string>): Contestant {
  return {
    ...uncached,
    name,
    command: (setting) => {
      const command = uncached.command(setting);
      return { ...command, env: { ...command.env, ...env } };
    },
  };
}

function publish(rows: readonly ReturnType<typeof toRow>[]): void {
  const base = rows[0]?.cost ?? Number.NaN;
  process.stdout.write(
    '| variant | CPU s per 1,000 | more than without | p50 ms | p99 ms | MiB |\n| --- | --: | --: | --: | --: | --: |\n',
  );
  for (const { name, cost, p50Ms, p99Ms, memoryMiB } of rows) {
    const more = `${((cost / base - 1) * 100).toFixed(1)} %`;
    process.stdout.write(
      `| ${name} | ${cost.toFixed(3)} | ${more} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} | ${memoryMiB.toFixed(0)} |\n`,
    );
  }
}

await main();
process.exit();
