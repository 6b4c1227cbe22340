/** A business failure: a value, not an exception. It ends the run, and what was done is compensated. */
export interface Refusal {
  /** A code that programs branch on. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
}

/** What came of a step. Anything thrown instead is a fault of the surroundings: the step is tried again. */
export type StepResult<R extends Refusal = Refusal> =
  /** The step is done; later steps find `output` (JSON) under its name. */
  | { readonly kind: 'done'; readonly output?: unknown }
  /** The business said no. */
  | { readonly kind: 'refused'; readonly refusal: R }
  /** Run this step again when the signal comes, at the latest at that time. Without a signal: at that time. */
  | { readonly kind: 'wait'; readonly until: Date; readonly signal?: string };

/** What a run was sent while a step waited for it. */
export interface Message {
  readonly signal: string;
  readonly value: unknown;
}

/** What a step works with. */
export interface StepContext<Deps, Input> {
  readonly deps: Deps;
  readonly runId: string;
  /** What the run is about, such as an order's id. */
  readonly subject: string;
  /** As it was given at the start, or changed since (see `amendRun`). */
  readonly input: Input;
  /** Outputs of the steps before, by step name. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The signal that ended this step's last wait; null at its first run and when its time was up. */
  readonly message: Message | null;
  /** True when this step's last wait ended because its time was up. */
  readonly isTimeUp: boolean;
  /** Aborted when the attempt has taken too long or the process is about to end. */
  readonly signal: AbortSignal;
}

/** How faults are answered: pauses grow from the first to the longest one by the factor. */
export interface RetryPolicy {
  /** Attempts before the step is given up or, where there is no way back, alarmed. Default: 8 until the alarm, no giving up. */
  readonly maxAttempts?: number;
  /** Default 100. */
  readonly firstDelayMs?: number;
  /** Default 4. */
  readonly factor?: number;
  /** Default 60,000. */
  readonly maxDelayMs?: number;
}

/** One step: idempotent, for it may run again after a crash; its compensation stands beside it. */
export interface Step<Deps, Input, R extends Refusal = Refusal> {
  /** Unique in the workflow, `kebab-case`. */
  readonly name: string;
  run(context: StepContext<Deps, Input>): Promise<StepResult<R>>;
  readonly retry?: RetryPolicy;
  /** Longest run of one attempt in milliseconds; then its signal is aborted and it counts as failed. */
  readonly timeoutMs?: number;
  /** Undoes what `run` did or may have done. Idempotent; retried until it works. */
  compensate?(context: StepContext<Deps, Input>): Promise<void>;
}

/** The step is done. */
export function done(output?: unknown): { readonly kind: 'done'; readonly output?: unknown } {
  return output === undefined ? { kind: 'done' } : { kind: 'done', output };
}

/** The business says no. */
export function refused<R extends Refusal>(refusal: R): { readonly kind: 'refused'; readonly refusal: R } {
  return { kind: 'refused', refusal };
}

/** Run this step again when `signal` comes or, at the latest, at `until`. */
export function waitFor(until: Date, signal?: string): { readonly kind: 'wait'; readonly until: Date; readonly signal?: string } {
  return signal === undefined ? { kind: 'wait', until } : { kind: 'wait', until, signal };
}
