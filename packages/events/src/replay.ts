import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { lockStream, streamKey } from './dead-letter.ts';
import { RECORD } from './deliver.ts';
import { type EventEnvelope, toEnvelope } from './envelope.ts';
import { byType, handleEvent, type Subscription } from './handler.ts';
import { readAfter } from './sequencer.ts';
import type { EventTransaction, Transactor } from './transaction.ts';

/** Options of {@link replay}. */
export interface ReplayOptions<Tx extends EventTransaction> {
  /** The one consumer to replay for. */
  readonly consumer: string;
  readonly subscriptions: readonly Subscription<Tx>[];
  readonly transaction: Transactor<Tx>;
  /** Database of the subgraph that recorded the events. */
  readonly from: { readonly db: ClientBase; readonly source: string; readonly position: number };
  /** Only these event types; all the consumer takes unless given. */
  readonly types?: readonly string[];
  /** Also what the consumer has handled: for effects that may be repeated, or that were taken back before. */
  readonly isAgain?: boolean;
  readonly onReplayed?: (event: EventEnvelope) => void;
}

/**
 * Hands recorded events that one consumer has not handled to it, or all of them again, from a position on, in order.
 * Stops at the first event whose handler throws. Answers how many were handled.
 */
export async function replay<Tx extends EventTransaction>(options: ReplayOptions<Tx>): Promise<number> {
  const { consumer, transaction, from, types, isAgain = false, onReplayed } = options;
  const subscriptionOf = byType(options.subscriptions);
  let handled = 0;
  for await (const event of recorded(from.db, from.source, from.position)) {
    const subscription = subscriptionOf(event);
    if (subscription === undefined || types?.includes(event.type) === false) continue;
    const isHandled = await transaction(async (tx) => {
      await lockStream(tx, streamKey(consumer, event));
      const isNew = (await tx.$executeRawUnsafe(RECORD, consumer, event.id)) === 1;
      if (!isNew && !isAgain) return false;
      await handleEvent(subscription, event, tx);
      return true;
    });
    if (!isHandled) continue;
    handled += 1;
    onReplayed?.(event);
  }
  return handled;
}

/** The sequenced events of a database from a position on, 500 at a time. */
export async function* recorded(db: ClientBase, source: string, from: number): AsyncGenerator<EventEnvelope, void, undefined> {
  let after = from - 1;
  for (;;) {
    const rows = await readAfter(db, after, 500);
    for (const row of rows) yield toEnvelope(row, source);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.position);
  }
}

/** As {@link recorded}, then whatever is added, until the signal aborts. Looks every `pollMs` milliseconds. */
export async function* tail(
  db: ClientBase,
  source: string,
  { from, pollMs = 250, signal }: { readonly from: number; readonly pollMs?: number; readonly signal: AbortSignal },
): AsyncGenerator<EventEnvelope, void, undefined> {
  let next = from;
  while (!signal.aborted) {
    for await (const event of recorded(db, source, next)) {
      yield event;
      next = event.position + 1;
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
