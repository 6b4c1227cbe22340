import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { requestStop } from '../control-socket.ts';
import { postgresAccount } from '../postgres-account.ts';
import { reachableDataDir } from '../postgres-data-dir.ts';
import type { StopCommandOptions } from './stop.ts';

/** What `npm run registry` keeps in the data folder: published schemas and tokens, which others rely on, and maybe a Postgres that runs on them. */
const REGISTRY = 'registry';

/** `npm run reset`: stops what runs and deletes its databases, secrets and logs. The next start begins afresh. */
export async function resetCommand({ layout, env, write }: StopCommandOptions): Promise<number> {
  const { dataDir } = readConfig(env, layout.root);
  if (await requestStop(dataDir)) write('stopped\n');
  const cluster = await reachableDataDir(join(dataDir, 'postgres'), await postgresAccount());
  await rm(cluster, { recursive: true, force: true });
  const names = await readdir(dataDir).catch((): string[] => []);
  for (const name of names) if (name !== REGISTRY) await rm(join(dataDir, name), { recursive: true, force: true });
  write(`deleted everything in ${dataDir}${names.includes(REGISTRY) ? ` but ${REGISTRY}/, which is that of npm run registry` : ''}\n`);
  return 0;
}
