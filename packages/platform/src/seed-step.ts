import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { withClient } from './databases.ts';
import { PlatformError } from './platform-error.ts';
import { encryptionEnv } from './process-specs.ts';
import { exists } from './project-layout.ts';
import type { Secrets } from './secrets.ts';
import { membersOf } from './service-list.ts';
import { ofSubgraph } from './subgraph-list.ts';
import type { SupergraphOptions } from './supergraph.ts';

/** Runs one seed module; see there for what it expects. */
const SEED_ENTRY = fileURLToPath(new URL('../bin/seed-database.ts', import.meta.url));

type Urls = Readonly<Record<string, { readonly owner: string }>>;
type SeedOptions = Pick<SupergraphOptions, 'layout' | 'config' | 'progress' | 'nodeArgs' | 'env'> & { readonly secrets: Secrets };

/** Fills the databases that were never filled with demo data; none when `SEED_SCALE` is 0. */
export async function seedOnce(options: SeedOptions, urls: Urls): Promise<void> {
  const { seedScale } = options.config;
  if (seedScale === 0) return;
  const names = membersOf(options.config).map(({ name }) => name);
  const marks = await Promise.all(names.map((name) => readMark(ofSubgraph(urls, name).owner)));
  const empty = names.filter((_, index) => marks[index] === undefined);
  await seed(options, { urls, scale: seedScale, names: empty });
}

/** Which databases to fill and with how much. */
export interface Seeding {
  readonly urls: Urls;
  readonly scale: number;
  readonly names: readonly string[];
}

/** Adds what the databases lack of the demo data of a scale, and notes that it was done. */
export async function seed(options: SeedOptions, { urls, scale, names }: Seeding): Promise<void> {
  const withModule = await namesWithSeeds(options.layout.root, names);
  if (withModule.length === 0) return;
  await options.progress.step(`demo data, scale ${scale}`, async (update) => {
    const shares = new Map<string, number>();
    const onProgress = (name: string, share: number, step: string): void => {
      shares.set(name, share);
      const sum = [...shares.values()].reduce((total, value) => total + value, 0);
      update(`${bar(sum / withModule.length)} ${name}: ${step}`);
    };
    await Promise.all(withModule.map((name) => runSeed(options, { name, url: ofSubgraph(urls, name).owner, scale, onProgress })));
  });
  await Promise.all(withModule.map((name) => writeMark(ofSubgraph(urls, name).owner, `seeded at scale ${scale}`)));
}

async function namesWithSeeds(root: string, names: readonly string[]): Promise<string[]> {
  const isThere = await Promise.all(names.map((name) => exists(join(root, 'prisma', name, 'seed.ts'))));
  return names.filter((_, index) => isThere[index]);
}

const BAR_CELLS = 20;

function bar(share: number): string {
  const full = Math.round(Math.min(share, 1) * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${Math.round(share * 100)} %`;
}

interface OneSeed {
  readonly name: string;
  readonly url: string;
  readonly scale: number;
  readonly onProgress: (name: string, share: number, step: string) => void;
}

/** In a process of its own: making the data takes all of a processor for a while. */
async function runSeed({ layout, env, nodeArgs, secrets }: SeedOptions, { name, url, scale, onProgress }: OneSeed): Promise<void> {
  const child = spawn(process.execPath, [...nodeArgs, SEED_ENTRY, name, String(scale)], {
    cwd: layout.root,
    env: { ...env, DATABASE_URL: url, ...encryptionEnv(name, secrets) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [done, total, ...step] = line.split(' ');
    onProgress(name, Number(done) / Number(total), step.join(' '));
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code === 0) return;
  const message = `The demo data of ${name} could not be written:\n${errors.slice(-20).join('\n')}`;
  throw new PlatformError('PROCESS_FAILED', message, 'Correct what it names; `npm run reset` starts from empty databases.');
}

/** The mark is the database's comment: it goes where the data goes and needs no table. */
async function readMark(url: string): Promise<string | undefined> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ mark: string | null }>(
      "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = current_database()",
    ),
  );
  return rows[0]?.mark ?? undefined;
}

async function writeMark(url: string, mark: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await client.query(`COMMENT ON DATABASE ${client.escapeIdentifier(rows[0]?.name ?? '')} IS ${client.escapeLiteral(mark)}`);
  });
}
