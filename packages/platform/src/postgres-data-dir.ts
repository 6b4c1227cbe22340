import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type Account, isReachable } from './postgres-account.ts';

const ROOT_DATA = '/var/lib/supergraph-platform';

/**
 * The folder that a cluster wanted at `wanted` really lives in.
 *
 * It is `wanted`, except when root starts Postgres below a folder that only root may enter (`/root/…`): Postgres then
 * runs as another account, and the cluster goes to a folder of its own below /var/lib, named after `wanted`.
 */
export async function reachableDataDir(wanted: string, account: Account | undefined): Promise<string> {
  const path = resolve(wanted);
  if (account === undefined || (await isReachable(path, account))) return path;
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(ROOT_DATA, name, 'postgres');
}
