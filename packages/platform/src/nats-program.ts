import type { Program } from './distribution-package.ts';
import { findProgram, type ProgramSearch, type WantedProgram } from './program-search.ts';

const NATS: WantedProgram = {
  title: 'NATS',
  candidates: [{ name: 'nats-server', program: 'usr/sbin/nats-server', serverName: 'nats-server' }],
  code: 'NATS_UNAVAILABLE',
  remedy: 'Install one (Debian and Ubuntu: apt install nats-server; macOS: brew install nats-server), or set NATS_URL.',
};

/**
 * Finds a NATS server (2.9 or newer, for JetStream): on the PATH, else unpacked from the distribution's package.
 *
 * @throws PlatformError `NATS_UNAVAILABLE` with what to install when neither is possible.
 */
export function findNats(search: ProgramSearch): Promise<Program> {
  return findProgram(NATS, search);
}
