import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What `npm start -- --detach` works with. */
export interface DetachCommandOptions {
  /** The launcher's own entry file. */
  readonly entry: string;
  /** Where the output of the detached launcher goes. */
  readonly log: string;
  readonly logDescriptor: number;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
}

/**
 * Starts the launcher in the background, shows what it prints until everything is ready, and returns.
 * When it does not come up its exit code is returned; when this process ends before, it ends too.
 */
export async function detachCommand({ entry, log, logDescriptor, env, write }: DetachCommandOptions): Promise<number> {
  const child = spawn(process.execPath, [entry, 'start'], {
    detached: true,
    env,
    stdio: ['ignore', logDescriptor, logDescriptor, 'ipc'],
  });
  child.on('message', (text) => write(String(text)));
  const outcome = await new Promise<number | 'ready'>((resolve) => {
    child.once('disconnect', () => resolve('ready'));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  // A launcher that fails disconnects as well; the exit code follows at once.
  const code = outcome === 'ready' ? await exitSoon(child) : outcome;
  child.unref();
  if (code === undefined) {
    write(`Running in the background (process ${child.pid}, log in ${log}). End it with npm stop.\n`);
    return 0;
  }
  const said = await readFile(log, 'utf8').catch(() => '');
  write(`${said.slice(Math.max(0, said.lastIndexOf('\n✗ ')))}It did not start; see ${log}.\n`);
  return code;
}

const SETTLE_MS = 150;

function exitSoon(child: ReturnType<typeof spawn>): Promise<number | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), SETTLE_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}
