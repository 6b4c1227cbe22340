/** Lets a fixed number of pieces of work run at once; the others queue in order. */
export class Slots {
  private free: number;
  private readonly queue: (() => void)[] = [];

  private idling: (() => void) | undefined;

  constructor(private readonly count: number) {
    this.free = count;
  }

  /** Runs `work` when there is room for it. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
      this.idling?.();
    }
  }

  /** Resolves when nothing runs, or after `ms`. */
  async idle(ms: number): Promise<void> {
    if (this.free === this.count) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.idling = () => {
        if (this.free === this.count) resolve();
      };
    });
    clearTimeout(timer);
  }
}
