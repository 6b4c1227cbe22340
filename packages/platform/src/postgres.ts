import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { assertDiskSpace, diskFull } from './disk-space.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { PlatformError } from './platform-error.ts';
import { assertPortFree } from './ports.ts';
import { type Account, giveTo, postgresAccount } from './postgres-account.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { reachableDataDir } from './postgres-data-dir.ts';

const run = promisify(execFile);

/** The major version whose data folders the embedded server can read. */
export const POSTGRES_MAJOR = '18';

const SUPERUSER = 'postgres';
/** A new cluster takes 40 MB; with less than this left the first seed would fail half-way. */
const LEAST_FREE_BYTES = 300 * 1024 * 1024;

/** How to run an embedded Postgres. */
export interface PostgresOptions {
  /** Folder of the cluster; created when it does not exist. */
  readonly dataDir: string;
  readonly port: number;
  /** Password of the superuser `postgres`; fixed when the cluster is created. */
  readonly password: string;
  /**
   * `durable` keeps data through power loss. `throwaway` skips every sync to disk and is for tests: several times
   * faster to write, and the folder is deleted on stop.
   */
  readonly mode: 'durable' | 'throwaway';
  /** Name of the environment variable that changes the port, for error messages. */
  readonly portVariable?: string;
  readonly maxConnections?: number;
  /** Every line of the server's log. */
  readonly onLog?: (line: string) => void;
}

/** A running embedded Postgres. */
export interface PostgresServer {
  readonly port: number;
  /** Connection string of the superuser for a database of this server. */
  url(database: string): string;
  /** Settles when the server is gone for whatever reason; never rejects. */
  readonly exited: Promise<number>;
  /** Ends the server: open transactions are rolled back. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres 18 from the npm package on the loopback interface, creating its cluster when there is none.
 *
 * The server ends with this process, also when this process is killed. Extensions of the contrib set are available.
 *
 * @throws PlatformError `PORT_TAKEN`, `DISK_FULL`, `DATA_FROM_OTHER_VERSION`, `DATA_IN_USE`, `UNSUPPORTED_PLATFORM`
 * or `SERVICE_FAILED` with the server's last words.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = await postgresAccount();
  const dataDir = await reachableDataDir(options.dataDir, account);
  await mkdir(dirname(dataDir), { recursive: true });
  await Promise.all([
    assertPortFree(options.port, 'Postgres', options.portVariable ?? 'POSTGRES_PORT'),
    assertDiskSpace(dirname(dataDir), LEAST_FREE_BYTES),
    assertReadableVersion(dataDir),
  ]);
  const binaries = await postgresBinaries(account);
  await createCluster({ dataDir, account, binaries, password: options.password });
  const server = await launch(options, { dataDir, account, binaries });
  return {
    port: options.port,
    url: (database) => `postgresql://${SUPERUSER}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${database}`,
    exited: server.exited,
    async stop() {
      await server.stop();
      if (options.mode === 'throwaway') await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function assertReadableVersion(dataDir: string): Promise<void> {
  const version = (await readFile(`${dataDir}/PG_VERSION`, 'utf8').catch(() => POSTGRES_MAJOR)).trim();
  if (version === POSTGRES_MAJOR) return;
  throw new PlatformError(
    'DATA_FROM_OTHER_VERSION',
    `The data folder ${dataDir} was written by Postgres ${version}; this is Postgres ${POSTGRES_MAJOR}.`,
    'Delete that folder, which `npm run reset` does for the data of `npm start`, or dump it with the old version first.',
  );
}

interface Cluster {
  readonly dataDir: string;
  readonly account: Account | undefined;
  readonly binaries: PostgresBinaries;
}

/** Makes the cluster beside its final place and moves it there, so that an interrupted attempt leaves no half one. */
async function createCluster(cluster: Cluster & { password: string }): Promise<void> {
  const { dataDir, account, binaries, password } = cluster;
  if (await readFile(`${dataDir}/PG_VERSION`).catch(() => undefined)) return;
  const draft = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    await Promise.all([giveTo(account, draft), giveTo(account, passwordFile)]);
    const args = [`--pgdata=${draft}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
    args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-sync');
    await run(binaries.initdb, args, { ...account, cwd: '/' });
    await rename(draft, dataDir);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    const said = cause instanceof Error ? cause.message : String(cause);
    if (isDiskFull(said)) throw diskFull('The disk ran full while the database cluster was created.', cause);
    throw serviceFailed('could not create its cluster', said.split('\n'), cause);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

const THROWAWAY_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];

function serverArguments(options: PostgresOptions, dataDir: string): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    // A socket file would need a folder both accounts can reach, and its path may not exceed 107 bytes.
    'unix_socket_directories=',
    `max_connections=${options.maxConnections ?? 200}`,
    'max_prepared_transactions=50',
    ...(options.mode === 'throwaway' ? THROWAWAY_SETTINGS : []),
  ];
  return ['-D', dataDir, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])];
}

async function launch(options: PostgresOptions, cluster: Cluster): Promise<GuardedProcess> {
  const lastLines: string[] = [];
  let announceReady = (): void => undefined;
  const ready = new Promise<'ready'>((resolve) => {
    announceReady = () => resolve('ready');
  });
  const server = startGuarded({
    command: cluster.binaries.postgres,
    args: serverArguments(options, cluster.dataDir),
    env: { ...process.env, LC_MESSAGES: 'C', LC_ALL: 'C' },
    account: cluster.account,
    // Fast shutdown for data worth keeping; immediate for data that is deleted right after.
    stopSignal: options.mode === 'throwaway' ? 'QUIT' : 'INT',
    stopTimeoutMs: 20_000,
    onLine: (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      if (line.includes('database system is ready to accept connections')) announceReady();
      options.onLog?.(line);
    },
  });
  const outcome = await Promise.race([ready, server.exited]);
  if (outcome !== 'ready') throw explain(lastLines, cluster.dataDir, options);
  return server;
}

function explain(lines: readonly string[], dataDir: string, options: PostgresOptions): PlatformError {
  const said = lines.join('\n');
  if (isDiskFull(said)) return diskFull('The disk ran full while Postgres was starting.');
  if (said.includes('could not bind') || said.includes('Address already in use')) {
    const variable = options.portVariable ?? 'POSTGRES_PORT';
    const remedy = `Stop the process that has it, or choose another port with ${variable}.`;
    return new PlatformError('PORT_TAKEN', `Port ${options.port}, needed by Postgres, is taken.`, remedy);
  }
  if (said.includes('lock file')) {
    const message = `Another Postgres is using the data folder ${dataDir}.`;
    return new PlatformError('DATA_IN_USE', message, 'Stop it with `npm stop`, wait a moment, and start again.');
  }
  return serviceFailed('did not start', lines);
}

function isDiskFull(text: string): boolean {
  return /No space left on device|ENOSPC|could not extend file|Disk quota exceeded/.test(text);
}

function serviceFailed(what: string, lines: readonly string[], cause?: unknown): PlatformError {
  const message = `Postgres ${what}. Its last words:\n${lines.slice(-8).join('\n')}`;
  const remedy =
    'If its data may go, `npm run reset` starts that of `npm start` afresh; else point DATABASE_URL_* at a server of your own.';
  return new PlatformError('SERVICE_FAILED', message, remedy, { cause });
}
