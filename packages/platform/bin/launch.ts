import { mkdir, open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detachCommand } from '../src/cli/detach.ts';
import { resetCommand } from '../src/cli/reset.ts';
import { runCommand } from '../src/cli/run.ts';
import { seedCommand } from '../src/cli/seed.ts';
import { type StartCommandOptions, startCommand } from '../src/cli/start.ts';
import { stopCommand } from '../src/cli/stop.ts';
import { testCommand } from '../src/cli/test.ts';
import { readConfig } from '../src/config.ts';
import { projectLayout } from '../src/project-layout.ts';

const USAGE = `Usage:
  npm start                      start everything; Ctrl-C stops it
  npm start -- --detach          start everything and return once it is ready
  npm run dev [-- SUBGRAPH …]    start everything and follow the sources; --remote SUPERGRAPH starts only those named
  npm stop                       stop what was started
  npm test                       run every test
  npm run seed -- --scale N      add demo data: 1 is 600 products
  npm run reset                  stop and delete all development data
`;

/** Node runs the packages without decorators by itself; the services need a transform. */
const nodeArgs = ['--import=tsx'];
/** start.mjs runs this at the root of the repository. */
const layout = projectLayout(process.cwd());
const stop = new AbortController();

function write(text: string): void {
  process.stdout.write(text);
  if (process.connected) process.send?.(text);
}

function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Whoever insists does not want to wait; everything started here ends with this process.
      if (stop.signal.aborted && signal === 'SIGINT') process.exit(130);
      stop.abort();
    });
  }
  // The reader of our output may be gone before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('disconnect', () => stop.abort());
  if (process.env['LAUNCHED_BY'] === undefined) return;
  const lifeline = new Socket({ fd: 3, readable: true, writable: false });
  lifeline.on('error', () => undefined);
  lifeline.once('close', () => stop.abort());
  lifeline.resume();
  lifeline.unref();
}

function startOptions(): StartCommandOptions {
  stopOnSignals();
  const isColoured = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  return {
    layout,
    env: childEnv(),
    nodeArgs,
    write,
    isColoured,
    stopHint: process.connected ? 'npm stop stops everything.' : 'Ctrl-C stops everything.',
    signal: stop.signal,
    onReady: () => {
      process.removeAllListeners('disconnect');
      if (process.connected) process.disconnect();
    },
  };
}

/** Loaded only when asked for: watching costs a start a third of a second. */
async function dev(names: readonly string[]): Promise<number> {
  const { devCommand } = await import('../src/cli/dev.ts');
  return devCommand({ ...startOptions(), args: names });
}

async function detach(): Promise<number> {
  const folder = join(readConfig(process.env, layout.root).dataDir, 'log');
  await mkdir(folder, { recursive: true });
  const log = join(folder, 'start.log');
  await using file = await open(log, 'w');
  return detachCommand({ entry: fileURLToPath(import.meta.url), log, logDescriptor: file.fd, env: childEnv(), write });
}

/** What the launcher was told about its own start is not for its children. */
function childEnv(): NodeJS.ProcessEnv {
  const { LAUNCHED_BY: _, ...env } = process.env;
  // Compiled code is kept between starts: most of a process's start is compiling what it imports.
  return { NODE_COMPILE_CACHE: join(layout.root, 'node_modules', '.cache', 'compiled'), ...env };
}

const [command = 'start', ...args] = process.argv.slice(2);
try {
  process.loadEnvFile(join(layout.root, '.env'));
} catch {
  // There is no such file, which is the usual case.
}
await runCommand(() => {
  if (command === 'start' && args.length === 0) return startCommand(startOptions());
  if (command === 'start' && args.length === 1 && args[0] === '--detach') return detach();
  if (command === 'dev') return dev(args);
  if (command === 'stop' && args.length === 0) return stopCommand({ layout, env: process.env, write });
  if (command === 'reset' && args.length === 0) return resetCommand({ layout, env: process.env, write });
  if (command === 'test') return testCommand({ layout, env: childEnv(), write, args });
  if (command === 'seed') return seedCommand({ layout, env: childEnv(), nodeArgs, write, args });
  process.stderr.write(USAGE);
  return Promise.resolve(2);
});
process.exit();
