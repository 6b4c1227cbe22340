import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PlatformError } from './platform-error.ts';

const PRELOAD = new URL('./die-with-parent.mjs', import.meta.url);

/** A Node program to be kept running. */
export interface ProcessSpec {
  /** Shown in front of its log lines. */
  readonly name: string;
  /** File to run and arguments for Node before it. */
  readonly entry: string;
  readonly nodeArgs: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Answers 200 when the process is ready; without it the process counts as ready once it runs. */
  readonly readyUrl?: string;
}

/** What happened to a supervised process. */
export type ProcessEvent =
  | { readonly kind: 'line'; readonly name: string; readonly line: string }
  | { readonly kind: 'died'; readonly name: string; readonly reason: string; readonly restartInMs: number }
  | { readonly kind: 'restarted'; readonly name: string };

/** How processes are watched. */
export interface SuperviseOptions {
  readonly onEvent: (event: ProcessEvent) => void;
  /** Longest time to the first readiness, in milliseconds. */
  readonly readyTimeoutMs: number;
  /** How long a process may take to drain before it is killed, in milliseconds. */
  readonly stopTimeoutMs: number;
}

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;
/** A process that ran this long before it died starts again with the shortest wait. */
const STABLE_MS = 30_000;
const POLL_MS = 40;

/**
 * Runs a Node program, starts it again whenever it dies, and ends it with this process in whatever way this one ends.
 *
 * Until it was ready once, its death is final: {@link SupervisedProcess.ready} rejects with `PROCESS_FAILED`.
 */
export class SupervisedProcess {
  readonly name: string;
  private readonly spec: ProcessSpec;
  private readonly options: SuperviseOptions;
  private child: ChildProcess | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private wasReady = false;
  private readonly lastLines: string[] = [];

  constructor(spec: ProcessSpec, options: SuperviseOptions) {
    this.name = spec.name;
    this.spec = spec;
    this.options = options;
  }

  /** Whether it says when it is ready. */
  get isAwaited(): boolean {
    return this.spec.readyUrl !== undefined;
  }

  /** The process id while it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it and resolves once it is ready. @throws PlatformError `PROCESS_FAILED` with its last words. */
  async start(): Promise<void> {
    const died = Promise.withResolvers<never>();
    this.running = this.keepRunning(died.reject);
    await Promise.race([this.untilReady(), died.promise]);
    this.wasReady = true;
  }

  /** Asks it to drain and waits until it is gone; killed when it takes too long. May be called more than once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    closeLifeline(this.child);
    const child = this.child;
    const timer = setTimeout(() => child?.kill('SIGKILL'), this.options.stopTimeoutMs);
    await this.running;
    clearTimeout(timer);
  }

  private async keepRunning(onFirstDeath: (error: PlatformError) => void): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.stopping.signal.aborted) {
      const startedAt = performance.now();
      const reason = await this.runOnce();
      if (this.stopping.signal.aborted) return;
      if (!this.wasReady) return onFirstDeath(this.failure(`ended while starting (${reason})`));
      if (performance.now() - startedAt > STABLE_MS) backoffMs = FIRST_BACKOFF_MS;
      this.options.onEvent({ kind: 'died', name: this.name, reason, restartInMs: backoffMs });
      await delay(backoffMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
      if (!this.stopping.signal.aborted) this.options.onEvent({ kind: 'restarted', name: this.name });
    }
  }

  private runOnce(): Promise<string> {
    const args = [`--import=${PRELOAD.href}`, ...this.spec.nodeArgs, this.spec.entry];
    // In a session of its own: Ctrl-C in the terminal reaches the launcher only, which ends things in order.
    const child = spawn(process.execPath, args, {
      cwd: this.spec.cwd,
      env: this.spec.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdio[3]?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.take(line));
    }
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
  }

  private take(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > 30) this.lastLines.shift();
    this.options.onEvent({ kind: 'line', name: this.name, line });
  }

  private async untilReady(): Promise<void> {
    const { readyUrl } = this.spec;
    if (readyUrl === undefined) return;
    const deadline = performance.now() + this.options.readyTimeoutMs;
    while (!this.stopping.signal.aborted) {
      if (await answersOk(readyUrl)) return;
      if (performance.now() > deadline) {
        const seconds = Math.round(this.options.readyTimeoutMs / 1000);
        throw this.failure(`was not ready within ${seconds} s (${readyUrl})`);
      }
      await delay(POLL_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private failure(what: string): PlatformError {
    const words = this.lastLines
      .slice(-15)
      .map((line) => `    ${line}`)
      .join('\n');
    const message = `${this.name} ${what}. Its last words:\n${words === '' ? '    (none)' : words}`;
    return new PlatformError('PROCESS_FAILED', message, `Correct what it names; it was started from ${fileOf(this.spec.entry)}.`);
  }
}

function fileOf(entry: string): string {
  return entry.startsWith('file:') ? fileURLToPath(entry) : entry;
}

function closeLifeline(child: ChildProcess | undefined): void {
  child?.stdio[3]?.destroy();
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
