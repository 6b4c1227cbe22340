import { mkdir, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { PlatformError } from './platform-error.ts';

/** What a running launcher says about itself. */
export interface LauncherStatus {
  readonly pid: number;
  readonly startedAt: string;
  readonly gatewayUrl: string;
}

/** The claim of one launcher on a data folder. */
export interface ControlSocket {
  /** Gives the folder up; connected clients learn of it by their connection closing. */
  release(): Promise<void>;
}

/** The system keeps socket paths in 108 bytes. */
const LONGEST_PATH = 107;

/**
 * Claims a data folder for this process and listens for `npm stop`.
 *
 * The claim is a listening socket, so it ends with the process however that ends; a socket file left behind by a
 * process that was killed is recognised by nobody answering.
 *
 * @param onStop called when another process asks this one to stop.
 * @throws PlatformError `ALREADY_RUNNING` with the process id and address of the launcher that has the folder.
 */
export async function claimDataDir(dataDir: string, status: LauncherStatus, onStop: () => void): Promise<ControlSocket> {
  await mkdir(dataDir, { recursive: true });
  const path = socketPath(dataDir);
  const clients = new Set<Socket>();
  const server = createServer((client) => serve(client, clients, status, onStop));
  await listen(server, path).catch(async (error: unknown) => {
    const other = await readStatus(dataDir);
    if (other !== undefined) throw alreadyRunning(other);
    if (!isTaken(error)) throw error;
    await rm(path, { force: true });
    await listen(server, path);
  });
  return {
    async release() {
      for (const client of clients) client.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** What the launcher that has the folder says, or `undefined` when none is running. */
export async function readStatus(dataDir: string): Promise<LauncherStatus | undefined> {
  const client = await connect(socketPath(dataDir));
  if (client === undefined) return undefined;
  client.write('status\n');
  const line = await firstLine(client);
  client.destroy();
  return line === undefined ? undefined : (JSON.parse(line) as LauncherStatus);
}

/** Asks the launcher that has the folder to stop and waits until it is gone; false when none was running. */
export async function requestStop(dataDir: string): Promise<boolean> {
  const client = await connect(socketPath(dataDir));
  if (client === undefined) return false;
  client.write('stop\n');
  client.resume();
  await new Promise<void>((done) => client.once('close', () => done()));
  return true;
}

function serve(client: Socket, clients: Set<Socket>, status: LauncherStatus, onStop: () => void): void {
  clients.add(client);
  client.on('close', () => clients.delete(client));
  client.on('error', () => undefined);
  createInterface({ input: client }).on('line', (line) => {
    if (line === 'status') client.write(`${JSON.stringify(status)}\n`);
    if (line === 'stop') onStop();
  });
}

/** Relative where that is shorter: a deep folder would exceed what the system allows. */
function socketPath(dataDir: string): string {
  const absolute = join(resolve(dataDir), 'launcher.sock');
  const fromHere = relative(process.cwd(), absolute);
  const path = fromHere.length < absolute.length ? fromHere : absolute;
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  const remedy = 'Set DATA_DIR to a folder with a shorter path.';
  throw new PlatformError('WRONG_VARIABLE', `The path of the data folder is too long for a socket: ${dataDir}.`, remedy);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      done();
    });
  });
}

function connect(path: string): Promise<Socket | undefined> {
  return new Promise((done) => {
    const client = createConnection(path);
    client.once('connect', () => done(client));
    client.on('error', () => done(undefined));
  });
}

function firstLine(client: Socket): Promise<string | undefined> {
  return new Promise((done) => {
    createInterface({ input: client }).once('line', done);
    client.once('close', () => done(undefined));
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function alreadyRunning(other: LauncherStatus): PlatformError {
  const message = `It is running already: process ${other.pid} since ${other.startedAt}, gateway at ${other.gatewayUrl}.`;
  return new PlatformError('ALREADY_RUNNING', message, 'Use it, or end it with `npm stop`.');
}
