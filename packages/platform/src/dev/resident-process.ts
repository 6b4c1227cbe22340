import { type ChildProcess, spawn } from 'node:child_process';
import { PlatformError } from '../platform-error.ts';

const PRELOAD = new URL('../die-with-parent.mjs', import.meta.url);

/** A Node program that answers messages over its IPC channel, each with one message. */
export interface ResidentSpec {
  readonly entry: URL;
  readonly args: readonly string[];
  readonly nodeArgs: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Keeps a program loaded, so that what it does when asked costs no start. It ends with this process; when it died it is
 * started again by the next question. Questions are asked one at a time.
 */
export class ResidentProcess {
  private readonly spec: ResidentSpec;
  private child: ChildProcess | undefined;
  private lastWords = '';

  constructor(spec: ResidentSpec) {
    this.spec = spec;
  }

  /** Starts it before it is asked. */
  warmUp(): void {
    this.child ??= this.spawn();
  }

  /** @throws PlatformError `PROCESS_FAILED` when it ends without an answer. */
  async ask<Answer>(question: object): Promise<Answer> {
    this.warmUp();
    const { child } = this;
    if (child === undefined) throw this.failure('did not start');
    return new Promise<Answer>((resolve, reject) => {
      const onExit = (): void => reject(this.failure('ended without an answer'));
      child.once('exit', onExit);
      child.once('message', (answer) => {
        child.off('exit', onExit);
        resolve(answer as Answer);
      });
      child.send(question, (error) => error && reject(this.failure(error.message)));
    });
  }

  /** Ends it and returns when it is gone. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  private spawn(): ChildProcess {
    const { entry, args, nodeArgs, cwd, env } = this.spec;
    const child = spawn(process.execPath, [`--import=${PRELOAD.href}`, ...nodeArgs, entry.pathname, ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdio[3]?.on('error', () => undefined);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.lastWords = `${this.lastWords}${chunk.toString()}`.slice(-2_000);
    });
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    return child;
  }

  private failure(what: string): PlatformError {
    const message = `${this.spec.entry.pathname} ${what}.${this.lastWords === '' ? '' : ` Its last words:\n${this.lastWords}`}`;
    return new PlatformError('PROCESS_FAILED', message, 'Correct what it names and save again.');
  }
}
