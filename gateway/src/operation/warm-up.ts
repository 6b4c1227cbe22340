import { setTimeout as sleep } from 'node:timers/promises';
import type { Generation } from '../schema/generation.ts';
import { type CheckOptions, checkDocument } from './check-operation.ts';

/** Options of {@link warmUp}. */
export interface WarmUpOptions {
  readonly check: CheckOptions;
  /** How many operations are prepared: those that are asked for most. */
  readonly operations: number;
  /** How long the next version may wait for it. */
  readonly deadlineMs: number;
}

/**
 * Prepares the next version of the supergraph for what the present one is asked most: documents are checked, priced and planned before the
 * first request meets the new version, which is able to plan at once what nobody asked before. What the new version refuses is left out; what is not done in time is done when it is asked for.
 * @returns how many operations are ready.
 */
export async function warmUp(next: Generation, live: Generation, { check, operations, deadlineMs }: WarmUpOptions): Promise<number> {
  const wanted = live.operations.mostUsed(operations);
  let ready = 0;
  const prepared = Promise.all([
    next.executor.whenReady?.(),
    ...wanted.map(async ({ origin, uses }) => {
      const checked = attempt(() => checkDocument(next, origin, check));
      if (checked === undefined) return;
      next.operations.keep(checked, uses);
      const { document, operation, key: planKey } = checked;
      if (await next.executor.prepare?.({ document, operation, planKey })) ready += 1;
    }),
  ]);
  await Promise.race([prepared, sleep(deadlineMs, undefined, { ref: false })]);
  return ready;
}

/** Undefined: the new version does not take it. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
