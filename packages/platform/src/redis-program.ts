import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PlatformError } from './platform-error.ts';
import { type RedisProgram, unpackRedis } from './redis-package.ts';

/** Where to look for Redis and where to put it. */
export interface RedisSearch {
  /** The PATH to search. */
  readonly path: string;
  readonly cacheDir: string;
  /** Called when the search takes long, with what is being done. */
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

const SERVERS = ['redis-server', 'valkey-server'];

/** The folder that unpacked programs are kept in between starts and clones. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'supergraph-platform');
}

/**
 * Finds a Redis or Valkey server: on the PATH, else unpacked from the distribution's package.
 *
 * @throws PlatformError `REDIS_UNAVAILABLE` with what to install when neither is possible.
 */
export async function findRedis(search: RedisSearch): Promise<RedisProgram> {
  for (const folder of search.path.split(delimiter).filter(Boolean)) {
    for (const name of SERVERS) {
      const command = join(folder, name);
      if (await isExecutable(command)) return { command, libraryPath: [] };
    }
  }
  if (!(await hasApt(search.path))) throw unavailable('there is no apt-get to fetch one with');
  try {
    return await unpackRedis(search);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.trim() : String(cause);
    throw unavailable(`its package could not be fetched: ${said}`, cause);
  }
}

async function hasApt(path: string): Promise<boolean> {
  const found = await Promise.all(path.split(delimiter).map((folder) => isExecutable(join(folder, 'apt-get'))));
  return found.includes(true);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function unavailable(reason: string, cause?: unknown): PlatformError {
  return new PlatformError(
    'REDIS_UNAVAILABLE',
    `No Redis server was found on the PATH, and ${reason}.`,
    'Install one (Debian and Ubuntu: apt install redis-server; macOS: brew install redis), or set REDIS_URL.',
    { cause },
  );
}
