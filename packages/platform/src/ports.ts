import { randomInt } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { PlatformError } from './platform-error.ts';

/**
 * Below the ports that systems give to outgoing connections (Linux: from 32768 on): while a server restarts, no such connection takes its
 * port, and no client that tries to reach it is connected with itself.
 */
const CHOICE = { from: 20_000, to: 32_000 };
const MOST_TRIES = 50;

/** A port of the loopback interface that nobody listens on at this moment. Others may take it before you do. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const port = await listenBriefly(randomInt(CHOICE.from, CHOICE.to)).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return listenBriefly(0);
}

/**
 * Throws unless `port` can be bound on the loopback interface, to both of its addresses: what people reach as localhost may be either.
 *
 * @param variable name of the environment variable that moves the service to another port, for the message.
 * @throws PlatformError `PORT_TAKEN`, naming the port, the process holding it where that is known, and the variable.
 */
export async function assertPortFree(port: number, owner: string, variable: string): Promise<void> {
  try {
    await listenBriefly(port);
    await listenBriefly(port, '::1').catch((error: unknown) => {
      if (isTaken(error)) throw error;
    });
  } catch (cause) {
    const holder = await describeHolder(port);
    throw new PlatformError(
      'PORT_TAKEN',
      `Port ${port}, needed by ${owner}, is taken${holder}.`,
      `Stop that process, or choose another port with ${variable}.`,
      { cause },
    );
  }
}

/** Not so where there is no IPv6. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function listenBriefly(port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = address !== null && typeof address === 'object' ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

async function describeHolder(port: number): Promise<string> {
  const pid = await findListener(port);
  if (pid === undefined) return '';
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const shown = command.replaceAll('\0', ' ').trim().slice(0, 80);
  return ` by process ${pid}${shown === '' ? '' : ` (${shown})`}`;
}

/**
 * The id of the process that listens on a TCP port, as far as this user may know.
 *
 * Reads /proc, so the answer is `undefined` on systems without it and for processes of other users.
 */
export async function findListener(port: number): Promise<number | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return undefined;
  const entries = await readdir('/proc').catch(() => []);
  for (const entry of entries) {
    if (/^\d+$/.test(entry) && (await holdsSocket(entry, sockets))) return Number(entry);
  }
  return undefined;
}

/** Socket inodes in state LISTEN (0A) on the port, from the kernel's tables for IPv4 and IPv6. */
async function listeningSockets(port: number): Promise<Set<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const columns = line.trim().split(/\s+/);
      const inode = columns[9];
      if (columns[1]?.endsWith(suffix) && columns[3] === '0A' && inode !== undefined) inodes.add(`socket:[${inode}]`);
    }
  }
  return inodes;
}

async function holdsSocket(pid: string, sockets: Set<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    if (sockets.has(target)) return true;
  }
  return false;
}
