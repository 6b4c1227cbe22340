import type { Program } from './distribution-package.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { PlatformError } from './platform-error.ts';

/** How a server of another make is launched and known to be ready. */
export interface LaunchOptions {
  readonly title: string;
  readonly program: Program;
  readonly args: readonly string[];
  /** Stands in the line that says it is ready. */
  readonly readyText: string;
  readonly port: number;
  /** Name of the environment variable that changes the port, for error messages. */
  readonly portVariable: string;
  /** What helps when it does not start for any other reason. */
  readonly remedy: string;
  readonly onLog?: ((line: string) => void) | undefined;
}

/**
 * Runs a server until it is stopped or this process ends; resolves once it says that it is ready.
 *
 * @throws PlatformError `PORT_TAKEN`, `DISK_FULL` or `SERVICE_FAILED` with the server's last words.
 */
export async function launchServer(options: LaunchOptions): Promise<GuardedProcess> {
  const lastLines: string[] = [];
  let announceReady = (): void => undefined;
  const ready = new Promise<'ready'>((resolve) => {
    announceReady = () => resolve('ready');
  });
  const server = startGuarded({
    command: options.program.command,
    args: options.args,
    env: { ...process.env, ...libraryEnvironment(options.program) },
    stopSignal: 'TERM',
    stopTimeoutMs: 10_000,
    onLine: (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      if (line.includes(options.readyText)) announceReady();
      options.onLog?.(line);
    },
  });
  const outcome = await Promise.race([ready, server.exited]);
  if (outcome !== 'ready') throw explain(lastLines, options);
  return server;
}

function libraryEnvironment(program: Program): NodeJS.ProcessEnv {
  return program.libraryPath.length === 0 ? {} : { LD_LIBRARY_PATH: program.libraryPath.join(':') };
}

function explain(lines: readonly string[], { title, port, portVariable, remedy }: LaunchOptions): PlatformError {
  const said = lines.join('\n');
  if (/Address already in use/i.test(said)) {
    const move = `Stop the process that has it, or choose another port with ${portVariable}.`;
    return new PlatformError('PORT_TAKEN', `Port ${port}, needed by ${title}, is taken.`, move);
  }
  if (/No space left on device/i.test(said)) {
    return new PlatformError('DISK_FULL', `The disk ran full while ${title} was starting.`, 'Free some space and start again.');
  }
  return new PlatformError('SERVICE_FAILED', `${title} did not start. Its last words:\n${lines.slice(-8).join('\n')}`, remedy);
}
