import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type RetryPolicy } from './backoff.ts';
import { type ConsumerStore, deliver, giveUp, type Outcome } from './deliver.ts';
import type { EventEnvelope } from './envelope.ts';
import { EventError } from './event-error.ts';
import type { Subscription } from './handler.ts';
import type { EventTransaction, Transactor } from './transaction.ts';

/** What a consumer tells whoever observes it. */
export type ConsumerSignal =
  | { readonly kind: Outcome; readonly event: EventEnvelope }
  | { readonly kind: 'retrying'; readonly event: EventEnvelope; readonly attempt: number; readonly error: unknown }
  | { readonly kind: 'parked'; readonly event: EventEnvelope; readonly attempts: number; readonly error: unknown }
  /** The lease of a partition went to another reader. */
  | { readonly kind: 'fenced'; readonly source: string; readonly partition: number }
  /** The transport or the database failed; the consumer tries again. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** How a consumer tries, and whom it tells. */
export interface AttemptOptions {
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly observe: (signal: ConsumerSignal) => void;
}

/**
 * Delivers an event, tries again with backoff, and parks it when nothing helps. An unreadable event (unknown version,
 * wrong shape) is parked at once: another try reads the same bytes. Rejects when the event could not even be parked, and
 * when no transaction could be begun: that says nothing about the event.
 */
export async function attempt<Tx extends EventTransaction>(
  store: ConsumerStore<Tx>,
  event: EventEnvelope,
  subscription: Subscription<Tx>,
  options: AttemptOptions,
): Promise<void> {
  const { retry, random, signal, observe } = options;
  let hasBegun = false;
  const transaction: Transactor<Tx> = (work) =>
    store.transaction((tx) => {
      hasBegun = true;
      return work(tx);
    });
  for (let tries = 1; ; tries += 1) {
    hasBegun = false;
    try {
      observe({ kind: await deliver({ ...store, transaction }, event, subscription), event });
      return;
    } catch (error) {
      if (!hasBegun) throw error;
      if (tries >= retry.attempts || error instanceof EventError) {
        const kind = await giveUp(store, event, { error: describe(error), attempts: tries });
        observe(kind === 'parked' ? { kind, event, attempts: tries, error } : { kind, event });
        return;
      }
      observe({ kind: 'retrying', event, attempt: tries, error });
      await sleep(backoffMs(retry, tries, random), undefined, { signal });
    }
  }
}

/** The error and its causes in one line each, without stacks. */
export function describe(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error; at !== undefined && lines.length < 5; at = at instanceof Error ? at.cause : undefined) {
    lines.push(String(at).slice(0, 2_000).replaceAll('\u0000', ''));
  }
  return lines.join('\ncaused by ');
}
