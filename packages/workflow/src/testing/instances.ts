import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Worker processes of a test; all are ended when disposed. */
export class Instances implements AsyncDisposable {
  /** Everything they said. */
  readonly said: string[] = [];
  private readonly alive = new Map<string, ChildProcess>();
  private started = 0;
  private isOpen = true;

  constructor(
    private readonly script: URL,
    private readonly args: readonly string[],
  ) {}

  /** Starts an instance; resolves with its name when it works. */
  async start(): Promise<string> {
    this.started += 1;
    const name = `instance-${this.started}`;
    const [url = '', ...more] = this.args;
    const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(this.script), url, name, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.alive.set(name, child);
    child.once('exit', () => this.alive.delete(name));
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.said.push(...text.split('\n').filter(Boolean));
        if (text.includes('ready')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    });
    await ready;
    return name;
  }

  /** Keeps this many alive: whoever dies is replaced. */
  async keep(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.keepOne()));
  }

  private async keepOne(): Promise<void> {
    const name = await this.start();
    this.alive.get(name)?.once('exit', () => void (this.isOpen && this.keepOne().catch(() => undefined)));
  }

  send(name: string, signal: NodeJS.Signals): void {
    this.alive.get(name)?.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOpen = false;
    const children = [...this.alive.values()];
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined)));
  }
}
