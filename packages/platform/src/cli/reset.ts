import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { requestStop } from '../control-socket.ts';
import { postgresAccount } from '../postgres-account.ts';
import { reachableDataDir } from '../postgres-data-dir.ts';
import type { StopCommandOptions } from './stop.ts';

/** `npm run reset`: stops what runs and deletes the databases, secrets and logs. The next start begins afresh. */
export async function resetCommand({ layout, env, write }: StopCommandOptions): Promise<number> {
  const { dataDir } = readConfig(env, layout.root);
  if (await requestStop(dataDir)) write('stopped\n');
  const cluster = await reachableDataDir(join(dataDir, 'postgres'), await postgresAccount());
  await rm(cluster, { recursive: true, force: true });
  for (const name of await readdir(dataDir).catch(() => [])) await rm(join(dataDir, name), { recursive: true, force: true });
  write(`deleted everything in ${dataDir}\n`);
  return 0;
}
