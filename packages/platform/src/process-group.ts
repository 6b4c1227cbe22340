import { type ProcessSpec, SupervisedProcess, type SuperviseOptions } from './supervised-process.ts';

/** The processes of a supergraph: started, started again and stopped together. */
export class ProcessGroup {
  private readonly specs: readonly ProcessSpec[];
  private readonly options: SuperviseOptions;
  private readonly running = new Map<string, SupervisedProcess>();
  private stopping: Promise<void> | undefined;

  constructor(specs: readonly ProcessSpec[], options: SuperviseOptions) {
    this.specs = specs;
    this.options = options;
    for (const spec of specs) this.running.set(spec.name, new SupervisedProcess(spec, options));
  }

  /** How many say when they are ready. */
  get awaitedCount(): number {
    return this.specs.filter(({ readyUrl }) => readyUrl !== undefined).length;
  }

  /** Names and ids at this moment. */
  list(): { readonly name: string; readonly pid: number | undefined }[] {
    return [...this.running.values()].map(({ name, pid }) => ({ name, pid }));
  }

  /** Starts those that say when they are ready. @throws PlatformError `PROCESS_FAILED` */
  async startAwaited(): Promise<void> {
    await Promise.all(this.select(({ isAwaited }) => isAwaited).map((process) => process.start()));
  }

  /** Starts the others: nobody waits for them. */
  async startOthers(): Promise<void> {
    await Promise.all(this.select(({ isAwaited }) => !isAwaited).map((process) => process.start()));
  }

  /**
   * Ends these processes and starts them anew, from the sources as they are now. One that does not come up stays down
   * until it is asked for again. Names that are not in the group are left out.
   * @throws PlatformError `PROCESS_FAILED` with its last words.
   */
  async restart(names: readonly string[]): Promise<void> {
    await Promise.all(this.specs.filter(({ name }) => names.includes(name)).map((spec) => this.replace(spec)));
  }

  /** The gateway goes first, so that requests in flight still find their subgraphs while they drain. */
  stop(): Promise<void> {
    this.stopping ??= this.stopInOrder();
    return this.stopping;
  }

  private async replace(spec: ProcessSpec): Promise<void> {
    await this.running.get(spec.name)?.stop();
    if (this.stopping !== undefined) return;
    const next = new SupervisedProcess(spec, this.options);
    this.running.set(spec.name, next);
    await next.start();
  }

  private async stopInOrder(): Promise<void> {
    const isGateway = ({ name }: SupervisedProcess): boolean => name === 'gateway';
    await Promise.all(this.select(isGateway).map((process) => process.stop()));
    await Promise.all(this.select((process) => !isGateway(process)).map((process) => process.stop()));
  }

  private select(isWanted: (process: SupervisedProcess) => boolean): SupervisedProcess[] {
    return [...this.running.values()].filter(isWanted);
  }
}
