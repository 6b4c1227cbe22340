import { mkdir } from 'node:fs/promises';
import type { Program } from './distribution-package.ts';
import { launchServer } from './launched-server.ts';
import { assertPortFree } from './ports.ts';

/** How to run an embedded Redis. */
export interface RedisOptions {
  readonly program: Program;
  readonly port: number;
  /** Where `durable` data goes; created when it does not exist. Unused for `throwaway`. */
  readonly dataDir: string;
  /** `durable` writes every change to an append-only file, synced each second; `throwaway` keeps nothing. */
  readonly mode: 'durable' | 'throwaway';
  /** Name of the environment variable that changes the port, for error messages. */
  readonly portVariable?: string;
  readonly onLog?: (line: string) => void;
}

/** A running embedded Redis. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Settles when the server is gone for whatever reason; never rejects. */
  readonly exited: Promise<number>;
  /** Ends the server. May be called more than once. */
  stop(): Promise<void>;
}

/** Enough numbered databases that every test file of a long run gets its own. */
const DATABASES = 4096;

/**
 * Starts Redis on the loopback interface; it ends with this process, also when this process is killed.
 *
 * @throws PlatformError `PORT_TAKEN`, `DISK_FULL` or `SERVICE_FAILED` with the server's last words.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const portVariable = options.portVariable ?? 'REDIS_PORT';
  await assertPortFree(options.port, 'Redis', portVariable);
  if (options.mode === 'durable') await mkdir(options.dataDir, { recursive: true });
  const server = await launchServer({
    title: 'Redis',
    program: options.program,
    args: serverArguments(options),
    readyText: 'eady to accept connections',
    port: options.port,
    portVariable,
    remedy: 'Delete its data with `npm run reset`, or set REDIS_URL.',
    onLog: options.onLog,
  });
  return {
    port: options.port,
    url: `redis://127.0.0.1:${options.port}`,
    exited: server.exited,
    stop: () => server.stop(),
  };
}

function serverArguments(options: RedisOptions): string[] {
  const common = ['--port', String(options.port), '--bind', '127.0.0.1', '--databases', String(DATABASES), '--save', ''];
  // Queues of jobs live here as well: a full Redis refuses writes rather than forget some.
  common.push('--maxmemory-policy', 'noeviction');
  if (options.mode === 'throwaway') return [...common, '--appendonly', 'no', '--dir', '/'];
  return [...common, '--appendonly', 'yes', '--appendfsync', 'everysec', '--dir', options.dataDir];
}
