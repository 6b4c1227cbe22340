import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerSignal, describe } from './attempt.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './backoff.ts';
import { nextRequested } from './dead-letter.ts';
import { type ConsumerStore, giveUpParked, retryParked } from './deliver.ts';
import type { EventEnvelope } from './envelope.ts';
import { byType, type Subscription } from './handler.ts';
import { PartitionReader } from './partition-reader.ts';
import type { Running } from './relay.ts';
import type { EventTransaction, Transactor } from './transaction.ts';
import type { EventTransport } from './transport/transport.ts';

/** What a consumer is: its name, what it takes, and where its effects go. */
export interface ConsumerDefinition<Tx extends EventTransaction> {
  /** Unique and lasting; inbox, offsets and dead letters are kept under it. */
  readonly name: string;
  /** Subgraphs whose events it reads. */
  readonly sources: readonly string[];
  readonly subscriptions: readonly Subscription<Tx>[];
  /** Opens a transaction on the database that holds the consumer's inbox and its effects. */
  readonly transaction: Transactor<Tx>;
}

/** Options of {@link startConsumer}. */
export interface ConsumerOptions<Tx extends EventTransaction> extends ConsumerDefinition<Tx> {
  readonly transport: EventTransport;
  /** Names this instance among its peers; random unless given. */
  readonly owner?: string;
  /** How long a dead instance keeps its partitions, in milliseconds. Default 1000. */
  readonly leaseTtlMs?: number;
  /** Events read per partition at once. Default 100. */
  readonly batchSize?: number;
  /** Streams handled at once per partition. Default 4. */
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
  readonly random?: () => number;
  readonly observe?: (signal: ConsumerSignal) => void;
}

/**
 * Runs a consumer: each event of its sources takes effect exactly once in its database, those of one stream in order.
 * An event that cannot be handled parks its stream until it is redriven or discarded; other streams flow on.
 */
export function startConsumer<Tx extends EventTransaction>(options: ConsumerOptions<Tx>): Running {
  const ending = new AbortController();
  const { name: consumer, transaction, sources, observe = () => undefined } = options;
  const subscriptionOf = byType(options.subscriptions);
  const store = { consumer, transaction };
  const shared = {
    ...options,
    store,
    subscriptionOf,
    observe,
    owner: options.owner ?? randomUUID(),
    leaseTtlMs: options.leaseTtlMs ?? 1_000,
    batchSize: options.batchSize ?? 100,
    concurrency: options.concurrency ?? 4,
    retry: options.retry ?? DEFAULT_RETRY,
    random: options.random ?? Math.random,
    signal: ending.signal,
  };
  const readers = sources.map((source) => new PartitionReader({ ...shared, source }).run());
  const done = Promise.all([...readers, redriveUntil(store, subscriptionOf, { signal: ending.signal, observe })]);
  return {
    async stop() {
      ending.abort();
      await done;
    },
  };
}

interface RedriveOptions {
  readonly signal: AbortSignal;
  readonly observe: (signal: ConsumerSignal) => void;
}

async function redriveUntil<Tx extends EventTransaction>(
  store: ConsumerStore<Tx>,
  subscriptionOf: (event: EventEnvelope) => Subscription<Tx> | undefined,
  { signal, observe }: RedriveOptions,
): Promise<void> {
  while (!signal.aborted) {
    const isIdle = await redriveOne(store, subscriptionOf, observe).then(
      (found) => !found,
      (error: unknown) => {
        observe({ kind: 'failed', error });
        return true;
      },
    );
    if (isIdle) await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

/** Tries the next parked event that was asked for; answers whether there was one. */
export async function redriveOne<Tx extends EventTransaction>(
  store: ConsumerStore<Tx>,
  subscriptionOf: (event: EventEnvelope) => Subscription<Tx> | undefined,
  observe: (signal: ConsumerSignal) => void = () => undefined,
): Promise<boolean> {
  const letter = await store.transaction((tx) => nextRequested(tx, store.consumer));
  if (letter === undefined) return false;
  const event = letter.envelope;
  try {
    await retryParked(store, letter, subscriptionOf(event));
    observe({ kind: 'handled', event });
  } catch (error) {
    await giveUpParked(store, event, { error: describe(error), attempts: 1 });
    observe({ kind: 'parked', event, attempts: letter.attempts + 1, error });
  }
  return true;
}
