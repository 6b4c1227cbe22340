/** Pauses that can be ended early, by the id of the run that pauses. */
export class Pauses {
  private readonly waking = new Map<string, Set<() => void>>();

  /** Resolves after `ms`, or when the run is woken. */
  pause(runId: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const enders = this.waking.get(runId) ?? new Set();
      const end = () => {
        clearTimeout(timer);
        enders.delete(end);
        if (enders.size === 0) this.waking.delete(runId);
        resolve();
      };
      const timer = setTimeout(end, ms);
      enders.add(end);
      this.waking.set(runId, enders);
    });
  }

  wake(runId: string): void {
    for (const end of [...(this.waking.get(runId) ?? [])]) end();
  }

  wakeAll(): void {
    for (const runId of [...this.waking.keys()]) this.wake(runId);
  }
}
