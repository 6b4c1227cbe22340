import type { Program } from './distribution-package.ts';
import { findProgram, type ProgramSearch, type WantedProgram } from './program-search.ts';

/** In both packages the server is a link of another package to the check program, which plays it by its name. */
const REDIS: WantedProgram = {
  title: 'Redis',
  candidates: [
    { name: 'redis-tools', program: 'usr/bin/redis-check-rdb', serverName: 'redis-server' },
    { name: 'valkey-tools', program: 'usr/bin/valkey-check-rdb', serverName: 'valkey-server' },
  ],
  code: 'REDIS_UNAVAILABLE',
  remedy: 'Install one (Debian and Ubuntu: apt install redis-server; macOS: brew install redis), or set REDIS_URL.',
};

/**
 * Finds a Redis or Valkey server: on the PATH, else unpacked from the distribution's package.
 *
 * @throws PlatformError `REDIS_UNAVAILABLE` with what to install when neither is possible.
 */
export function findRedis(search: ProgramSearch): Promise<Program> {
  return findProgram(REDIS, search);
}
