/** Answers whether something this process needs works; throws or rejects with the reason when it does not. */
export type ReadinessCheck = (signal: AbortSignal) => void | Promise<void>;

/** What `/readyz` says. `checks` holds `ok` or the reason, by name. */
export interface ReadinessReport {
  readonly status: 'ready' | 'starting' | 'draining' | 'failing';
  readonly checks: Readonly<Record<string, string>>;
}

/** Whether a process should get requests: `starting` until {@link ready}, `draining` after {@link drain}, between them what the checks say. */
export class Readiness {
  private phase: 'starting' | 'ready' | 'draining' = 'starting';
  private readonly checks: Readonly<Record<string, ReadinessCheck>>;
  private readonly timeoutMs: number;

  /** @param checks by name. @param timeoutMs how long one check may take; default 1000. */
  constructor(checks: Readonly<Record<string, ReadinessCheck>> = {}, timeoutMs = 1000) {
    this.checks = checks;
    this.timeoutMs = timeoutMs;
  }

  /** From now on the checks decide. No effect once draining. */
  ready(): void {
    if (this.phase === 'starting') this.phase = 'ready';
  }

  /** From now on not ready, whatever the checks say, so that balancers send nothing more. */
  drain(): void {
    this.phase = 'draining';
  }

  get isDraining(): boolean {
    return this.phase === 'draining';
  }

  /** Runs all checks in parallel, each within the time limit. Never rejects. */
  async report(): Promise<ReadinessReport> {
    if (this.phase !== 'ready') return { status: this.phase, checks: {} };
    const entries = await Promise.all(Object.entries(this.checks).map(async ([name, check]) => [name, await this.run(check)] as const));
    const status = entries.every(([, result]) => result === 'ok') ? 'ready' : 'failing';
    return { status, checks: Object.fromEntries(entries) };
  }

  private async run(check: ReadinessCheck): Promise<string> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const timedOut = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no answer within ${this.timeoutMs} ms`)), { once: true });
    });
    try {
      await Promise.race([Promise.resolve().then(() => check(signal)), timedOut]);
      return 'ok';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
