import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a foreign program (not Node) is run under guard. */
export interface GuardedProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Run as another account; only root may ask for it. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** The signal that ends the program properly, without the SIG prefix. */
  readonly stopSignal: 'INT' | 'TERM' | 'QUIT';
  /** How long the program gets after the stop signal before it is killed. */
  readonly stopTimeoutMs: number;
  readonly onLine: (line: string) => void;
}

/** A running program that ends when this process does, however this process ends. */
export interface GuardedProcess {
  /** Settles once the program is gone; never rejects. */
  readonly exited: Promise<number>;
  /** Ends the program and waits for it. May be called more than once. */
  stop(): Promise<void>;
}

/*
 * The launcher holds the other end of descriptor 3 and never writes to it. When the launcher closes it, or dies in
 * any way including SIGKILL, `read` returns and the watcher ends the program. Signals sent to the launcher's process
 * group (Ctrl-C) do not reach the program, since it runs in its own session; the launcher decides the order.
 */
const GUARD = `
signal=$1 tenths=$2; shift 2
"$@" 3<&- & child=$!
(
  read -r _ <&3
  kill -s "$signal" "$child"
  while [ "$tenths" -gt 0 ] && kill -0 "$child"; do sleep 0.1; tenths=$((tenths - 1)); done
  kill -s KILL "$child"
) >/dev/null 2>&1 & watcher=$!
wait "$child"; status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

/** Starts a program whose life is tied to this process's. Its output goes line by line to `onLine`. */
export function startGuarded(options: GuardedProcessOptions): GuardedProcess {
  const tenths = String(Math.ceil(options.stopTimeoutMs / 100));
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', options.stopSignal, tenths, options.command, ...options.args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
    env: options.env ?? process.env,
    ...(options.account ?? {}),
  });
  const lifeline = child.stdio[3];
  // The program may be gone before we close our end; that is what we wanted, so the error says nothing new.
  lifeline?.on('error', () => undefined);
  const exited = exitOf(child);
  forwardLines(child, options.onLine);
  return {
    exited,
    async stop() {
      lifeline?.destroy();
      await exited;
    },
  };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function forwardLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onLine);
  }
}
