import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PlatformConfig, readConfig } from '../config.ts';
import { claimDataDir, readStatus } from '../control-socket.ts';
import { provideDatabases } from '../data-services.ts';
import { PlatformError } from '../platform-error.ts';
import { secretNames } from '../process-specs.ts';
import { defaultCacheDir } from '../program-search.ts';
import { lineProgress } from '../progress.ts';
import type { ProjectLayout } from '../project-layout.ts';
import { runningDatabaseUrls } from '../running-databases.ts';
import { ensureSecrets } from '../secrets.ts';
import { seed } from '../seed-step.ts';
import { membersOf } from '../service-list.ts';

/** What `npm run seed` works with. */
export interface SeedCommandOptions {
  readonly layout: ProjectLayout;
  readonly env: NodeJS.ProcessEnv;
  readonly nodeArgs: readonly string[];
  readonly write: (text: string) => void;
  readonly args: readonly string[];
}

const LARGEST_SCALE = 1_000;

/** `npm run seed -- --scale N`: adds what is missing of the demo data, whether the supergraph is running or not. */
export async function seedCommand(options: SeedCommandOptions): Promise<number> {
  const scale = parseScale(options.args);
  const config = readConfig(options.env, options.layout.root);
  const secrets = await ensureSecrets(join(config.dataDir, 'secrets.json'), secretNames(membersOf(config)));
  const names = membersOf(config).map(({ name }) => name);
  const progress = lineProgress((line) => options.write(`${line}\n`));
  const seeding = { ...options, config, progress, secrets };
  const isRunning = (await readStatus(config.dataDir)) !== undefined;
  if (isRunning) {
    await seed(seeding, { urls: await urlsOfRunning(config), scale, names });
    return 0;
  }
  const status = { pid: process.pid, startedAt: new Date().toISOString(), gatewayUrl: '(seeding)' };
  const claim = await claimDataDir(config.dataDir, status, () => undefined);
  const stops: (() => Promise<void>)[] = [];
  try {
    const urls = await provideDatabases({
      config,
      layout: options.layout,
      secrets,
      progress,
      mode: 'durable',
      path: options.env['PATH'] ?? '',
      cacheDir: defaultCacheDir(options.env),
      onLog: () => undefined,
      onStarted: (stop) => stops.push(stop),
    });
    await seed(seeding, { urls, scale, names });
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    await claim.release();
  }
  return 0;
}

function parseScale(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { scale: { type: 'string', default: '1' } } });
  const scale = Number(values.scale);
  if (Number.isSafeInteger(scale) && scale >= 1 && scale <= LARGEST_SCALE) return scale;
  const message = `--scale was ${values.scale}; allowed is a whole number from 1 to ${LARGEST_SCALE}.`;
  throw new PlatformError('WRONG_VARIABLE', message, 'For example: npm run seed -- --scale 20');
}

async function urlsOfRunning(config: PlatformConfig): Promise<Record<string, { owner: string }>> {
  const urls = await runningDatabaseUrls(config);
  return Object.fromEntries(Object.entries(urls).map(([name, owner]) => [name, { owner }]));
}
