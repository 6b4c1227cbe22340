import { join } from 'node:path';
import type { PlatformConfig } from './config.ts';
import { databaseRoles } from './data-services.ts';
import { roleUrl } from './databases.ts';
import { secretNames } from './process-specs.ts';
import { ensureSecrets } from './secrets.ts';
import { membersOf } from './service-list.ts';

/** Connection strings, as their owners, of the databases that a running installation of these settings uses. */
export async function runningDatabaseUrls(config: PlatformConfig): Promise<Record<string, string>> {
  const secrets = await ensureSecrets(join(config.dataDir, 'secrets.json'), secretNames(membersOf(config)));
  const adminUrl = `postgresql://postgres@127.0.0.1:${config.postgresPort}/postgres`;
  const entries = membersOf(config).map(({ name, databaseUrl }) => {
    return [name, databaseUrl ?? roleUrl(adminUrl, name, databaseRoles(name, secrets).owner)] as const;
  });
  return Object.fromEntries(entries);
}
