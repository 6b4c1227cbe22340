import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type DistributionPackage, type Program, unpackProgram } from './distribution-package.ts';
import { PlatformError, type PlatformErrorCode } from './platform-error.ts';

/** Where to look for a program and where to put it. */
export interface ProgramSearch {
  /** The PATH to search. */
  readonly path: string;
  readonly cacheDir: string;
  /** Called when the search takes long, with what is being done. */
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

/** A server to be found, and what to say when it is not. */
export interface WantedProgram extends DistributionPackage {
  readonly code: PlatformErrorCode;
  readonly remedy: string;
}

/** The folder that unpacked programs are kept in between starts and clones. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'supergraph-platform');
}

/**
 * Finds a server: on the PATH, else unpacked from the distribution's package.
 *
 * @throws PlatformError with the wanted program's code and remedy when neither is possible.
 */
export async function findProgram(wanted: WantedProgram, search: ProgramSearch): Promise<Program> {
  for (const folder of search.path.split(delimiter).filter(Boolean)) {
    for (const { serverName } of wanted.candidates) {
      const command = join(folder, serverName);
      if (await isExecutable(command)) return { command, libraryPath: [] };
    }
  }
  if (!(await hasApt(search.path))) throw unavailable(wanted, 'there is no apt-get to fetch one with');
  try {
    return await unpackProgram(wanted, search);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.trim() : String(cause);
    throw unavailable(wanted, `its package could not be fetched: ${said}`, cause);
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

function unavailable({ code, title, remedy }: WantedProgram, reason: string, cause?: unknown): PlatformError {
  return new PlatformError(code, `No ${title} server was found on the PATH, and ${reason}.`, remedy, { cause });
}
