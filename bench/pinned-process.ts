import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The core that the gateway under measurement has to itself, and the one for everything else. */
export const gatewayCore = '0';
export const otherCore = '1';

const ticksPerSecond = 100;

/** Ended with this process, however it ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** How a process is started. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** How far it steps back for others on its core: 0 (not at all) to 19. */
  readonly niceness?: number;
}

/** A Node process that keeps to one core. */
export class PinnedProcess implements AsyncDisposable {
  private constructor(private readonly child: ChildProcess) {}

  static start(core: string, { args, env, cwd, niceness = 0 }: Command): PinnedProcess {
    const child = spawn('nice', ['-n', String(niceness), 'taskset', '-c', core, process.execPath, ...args], {
      stdio: ['ignore', process.env['BENCH_VERBOSE'] === undefined ? 'ignore' : 'inherit', 'inherit'],
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1', NO_UPDATE_NOTIFIER: '1', ...env },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return new PinnedProcess(child);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  cpuSeconds(): number {
    return cpuSecondsOf(this.child.pid ?? 0);
  }

  memoryMiB(): number {
    return memoryMiBOf(this.child.pid ?? 0);
  }

  /** An orderly end, so that a profile is written; then the other one. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.hasEnded) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGINT');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
    await gone;
    clearTimeout(impatience);
  }
}

/** Keeps a process that runs already, and its threads, to one core. */
export function pin(pid: number, core: string): void {
  spawnSync('taskset', ['-a', '-p', '-c', core, String(pid)]);
}

/** User and system time of a process so far, all its threads and child processes. */
export function cpuSecondsOf(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + cpuOf(member), 0);
}

/** Memory of a process in MiB, its child processes too. */
export function memoryMiBOf(pid: number): number {
  const kilobytes = (member: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${member}/status`, 'utf8'))?.[1] ?? 0);
  return familyOf(pid).reduce((sum, member) => sum + kilobytes(member), 0) / 1024;
}

function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(familyOf)];
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
