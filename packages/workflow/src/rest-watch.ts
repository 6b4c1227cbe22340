import { isResting } from './run.ts';
import { findRun } from './run-table.ts';
import type { Sql } from './sql.ts';

/** How often a run is looked at when no notification comes, in milliseconds. */
const lookMs = 500;

/** Waits for runs to rest: told by notifications, and by looking now and then in case one is lost. */
export class RestWatch {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(private readonly sql: Sql) {}

  /** Resolves when the run rests, or after `timeoutMs`. Never rejects. */
  async resting(id: string, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (let left = timeoutMs; left > 0; left = deadline - Date.now()) {
      const told = this.told(id, Math.min(left, lookMs));
      // A connection that was just lost is a reason to look again, not to fail whoever only waits.
      const run = await findRun(this.sql, id).catch(() => undefined);
      if (run === null || (run && isResting(run.status))) return told.forget();
      await told.promise;
    }
  }

  hear(id: string): void {
    for (const tell of [...(this.waiting.get(id) ?? [])]) tell();
  }

  hearAll(): void {
    for (const id of [...this.waiting.keys()]) this.hear(id);
  }

  private told(id: string, ms: number): { readonly promise: Promise<void>; forget(): void } {
    const tellers = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, tellers);
    let tell: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => {
      const timer = setTimeout(() => tell(), ms);
      tell = () => {
        clearTimeout(timer);
        tellers.delete(tell);
        if (tellers.size === 0) this.waiting.delete(id);
        resolve();
      };
      tellers.add(tell);
    });
    return { promise, forget: () => tell() };
  }
}
