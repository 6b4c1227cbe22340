/** Tells the person waiting what is being done. */
export interface Progress {
  /** Runs a step and tells when it is done; when it takes long, also that it has begun. */
  step<Result>(label: string, work: (update: (detail: string) => void) => Promise<Result>): Promise<Result>;
}

/** A step that takes longer than this is announced before it is done. */
const SLOW_MS = 1_000;

/** Progress as plain lines, for terminals and log files alike. */
export function lineProgress(write: (line: string) => void): Progress {
  return {
    async step(label, work) {
      const startedAt = performance.now();
      const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
      let detail = '';
      const timer = setInterval(() => write(`… ${label}${detail === '' ? '' : `: ${detail}`} (${seconds()} s)`), SLOW_MS);
      try {
        const result = await work((next) => {
          detail = next;
        });
        write(`✓ ${label} (${seconds()} s)`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
