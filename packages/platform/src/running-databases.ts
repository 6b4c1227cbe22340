import { join } from 'node:path';
import type { PlatformConfig } from './config.ts';
import { databaseRoles } from './data-services.ts';
import { roleUrl } from './databases.ts';
import { secretNames } from './process-specs.ts';
import { ensureSecrets } from './secrets.ts';

/** Connection strings, as their owners, of the databases that a running installation of these settings uses. */
export async function runningDatabaseUrls(config: PlatformConfig): Promise<Record<string, string>> {
  const secrets = await ensureSecrets(join(config.dataDir, 'secrets.json'), secretNames(config.subgraphs));
  const adminUrl = `postgresql://postgres@127.0.0.1:${config.postgresPort}/postgres`;
  const entries = config.subgraphs.map(({ name, databaseUrl }) => {
    return [name, databaseUrl ?? roleUrl(adminUrl, name, databaseRoles(name, secrets).owner)] as const;
  });
  return Object.fromEntries(entries);
}
