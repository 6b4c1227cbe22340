import type { z } from 'zod';

/** How long to wait between tries: doubled each time up to `maxMs`, half of it random. Milliseconds. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** What a kind of job is; made by {@link defineJob}. */
export interface JobDefinition<Data = unknown> {
  readonly name: string;
  /** Checked when a job is put in and again when it is run. */
  readonly schema: z.ZodType<Data>;
  /** Tries before the job goes to the dead set. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** Longest run of one try; its signal aborts then, and the try has failed. */
  readonly timeoutMs: number;
}

/** Data of a definition's jobs. */
export type DataOfJob<Definition> = Definition extends JobDefinition<infer Data> ? Data : never;

const form = /^[a-z][a-z0-9-]*$/;
const defaults = { attempts: 8, backoff: { baseMs: 1_000, maxMs: 300_000 }, timeoutMs: 60_000 };

/**
 * Defines a kind of job: one file each. By default it is tried 8 times over about two minutes.
 * @throws {RangeError} for a name that is not kebab-case, or a number below one.
 */
export function defineJob<Data>(
  name: string,
  options: { readonly schema: z.ZodType<Data> } & Partial<Omit<JobDefinition<Data>, 'name' | 'schema'>>,
): JobDefinition<Data> {
  const definition = { name, ...defaults, ...options };
  if (!form.test(name)) throw new RangeError(`a job's name is kebab-case, got "${name}"`);
  const { attempts, backoff, timeoutMs } = definition;
  const numbers = { attempts, 'backoff.baseMs': backoff.baseMs, 'backoff.maxMs': backoff.maxMs, timeoutMs };
  for (const [option, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${option} of job "${name}" must be 1 or more, got ${value}`);
  }
  return definition;
}

/** Milliseconds to wait after the try with this number (from 1): between half and all of `baseMs · 2^(n−1)`, at most `maxMs`. */
export function backoffMs({ baseMs, maxMs }: Backoff, attemptsMade: number, random: () => number): number {
  const full = Math.min(baseMs * 2 ** Math.min(attemptsMade - 1, 40), maxMs);
  return Math.round(full / 2 + (full / 2) * random());
}
