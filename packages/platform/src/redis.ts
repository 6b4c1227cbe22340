import { mkdir } from 'node:fs/promises';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { PlatformError } from './platform-error.ts';
import { assertPortFree } from './ports.ts';
import type { RedisProgram } from './redis-package.ts';

/** How to run an embedded Redis. */
export interface RedisOptions {
  readonly program: RedisProgram;
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
  const server = await launch(options);
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

async function launch(options: RedisOptions): Promise<GuardedProcess> {
  const lastLines: string[] = [];
  let announceReady = (): void => undefined;
  const ready = new Promise<'ready'>((resolve) => {
    announceReady = () => resolve('ready');
  });
  const server = startGuarded({
    command: options.program.command,
    args: serverArguments(options),
    env: { ...process.env, ...libraryEnvironment(options.program) },
    stopSignal: 'TERM',
    stopTimeoutMs: 10_000,
    onLine: (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      if (line.includes('eady to accept connections')) announceReady();
      options.onLog?.(line);
    },
  });
  const outcome = await Promise.race([ready, server.exited]);
  if (outcome !== 'ready') throw explain(lastLines, options);
  return server;
}

function libraryEnvironment(program: RedisProgram): NodeJS.ProcessEnv {
  return program.libraryPath.length === 0 ? {} : { LD_LIBRARY_PATH: program.libraryPath.join(':') };
}

function explain(lines: readonly string[], options: RedisOptions): PlatformError {
  const said = lines.join('\n');
  const variable = options.portVariable ?? 'REDIS_PORT';
  if (/Address already in use/i.test(said)) {
    const remedy = `Stop the process that has it, or choose another port with ${variable}.`;
    return new PlatformError('PORT_TAKEN', `Port ${options.port}, needed by Redis, is taken.`, remedy);
  }
  if (/No space left on device/.test(said)) {
    return new PlatformError('DISK_FULL', 'The disk ran full while Redis was starting.', 'Free some space and start again.');
  }
  const message = `Redis did not start. Its last words:\n${lines.slice(-8).join('\n')}`;
  return new PlatformError('SERVICE_FAILED', message, 'Delete its data with `npm run reset`, or set REDIS_URL.');
}
