import { ResidentProcess, type ResidentSpec } from './resident-process.ts';

/** What the process that has composition loaded is asked. */
export interface GraphQuestion {
  readonly kind: 'compose' | 'check';
}

/** What it answers. */
export interface GraphAnswer {
  /** The composed SDL; null when the subgraphs do not compose, and for a check. */
  readonly supergraph: string | null;
  /** Errors, warnings and hints with file and line; empty when there is nothing to say. */
  readonly report: string;
  /** False when something must not stay as it is. */
  readonly isFine: boolean;
}

/** Composes and checks the subgraphs of the working copy in a process that stays loaded. */
export class GraphDesk {
  private readonly resident: ResidentProcess;

  constructor(surroundings: Omit<ResidentSpec, 'entry' | 'args'>) {
    this.resident = new ResidentProcess({ ...surroundings, entry: new URL('./graph-entry.ts', import.meta.url), args: [] });
    this.resident.warmUp();
  }

  /** Composes what supergraph.yaml lists. */
  compose(): Promise<GraphAnswer> {
    return this.resident.ask({ kind: 'compose' } satisfies GraphQuestion);
  }

  /** What the working copy would change for clients, against the registry folder. */
  check(): Promise<GraphAnswer> {
    return this.resident.ask({ kind: 'check' } satisfies GraphQuestion);
  }

  stop(): Promise<void> {
    return this.resident.stop();
  }
}
