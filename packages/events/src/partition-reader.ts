import { setTimeout as sleep } from 'node:timers/promises';
import { type AttemptOptions, attempt } from './attempt.ts';
import type { ConsumerStore } from './deliver.ts';
import type { EventEnvelope } from './envelope.ts';
import type { Subscription } from './handler.ts';
import type { EventTransaction } from './transaction.ts';
import type { Delivery, EventTransport, Lease } from './transport/transport.ts';

/** Everything one source's reader needs. */
export interface ReaderOptions<Tx extends EventTransaction> extends AttemptOptions {
  readonly source: string;
  readonly owner: string;
  readonly store: ConsumerStore<Tx>;
  readonly transport: EventTransport;
  readonly subscriptionOf: (event: EventEnvelope) => Subscription<Tx> | undefined;
  readonly leaseTtlMs: number;
  readonly batchSize: number;
  readonly concurrency: number;
}

interface Position {
  readonly lease: Lease;
  readonly after: number;
}

/** Reads the partitions of one source that it can get leases for; events of one stream strictly one after the other. */
export class PartitionReader<Tx extends EventTransaction> {
  readonly #options: ReaderOptions<Tx>;
  readonly #held = new Map<number, Position>();

  constructor(options: ReaderOptions<Tx>) {
    this.#options = options;
  }

  /** Runs until the signal aborts; then lets handlers finish and gives the leases back. */
  async run(): Promise<void> {
    await Promise.all([this.#untilStopped(() => this.#renew()), this.#untilStopped(() => this.#readOnce())]);
    await this.#options.transport.release([...this.#held.values()].map(({ lease }) => lease)).catch(() => undefined);
  }

  async #untilStopped(step: () => Promise<void>): Promise<void> {
    const { signal, observe, leaseTtlMs } = this.#options;
    while (!signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (signal.aborted) return;
        observe({ kind: 'failed', error });
        await sleep(leaseTtlMs / 3, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #renew(): Promise<void> {
    const { transport, source, store, owner, leaseTtlMs, signal } = this.#options;
    const leases = await transport.lease({ source, consumer: store.consumer, owner, ttlMs: leaseTtlMs });
    const numbers = new Set(leases.map(({ partition }) => partition));
    for (const partition of [...this.#held.keys()]) if (!numbers.has(partition)) this.#lose(partition);
    for (const lease of leases) {
      const known = this.#held.get(lease.partition);
      // A new fence means that somebody else may have read meanwhile: start from what was committed.
      const after = known?.lease.fence === lease.fence ? known.after : lease.committed;
      this.#held.set(lease.partition, { lease, after });
    }
    await sleep(leaseTtlMs / 3, undefined, { signal }).catch(() => undefined);
  }

  async #readOnce(): Promise<void> {
    const { transport, batchSize, leaseTtlMs, signal } = this.#options;
    const waitMs = Math.max(10, Math.floor(leaseTtlMs / 4));
    const deliveries = await transport.read([...this.#held.values()], { limit: batchSize, waitMs, signal });
    await Promise.all(deliveries.map((delivery) => this.#handle(delivery)));
  }

  async #handle({ lease, events }: Delivery): Promise<void> {
    const queues = [...byStream(events).values()];
    let isComplete = true;
    const worker = async () => {
      for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
        if (!(await this.#handleStream(lease, queue))) isComplete = false;
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#options.concurrency, queues.length) }, worker));
    const position = events.at(-1)?.position ?? lease.committed;
    // That it is held now does not say that it was all the time: a broker that lost its data counts fences from the beginning again.
    if (!isComplete || !this.#isHeld(lease)) return;
    if (await this.#options.transport.commit(lease, position)) this.#held.set(lease.partition, { lease, after: position });
    else this.#lose(lease.partition);
  }

  /** False: the lease was lost on the way. */
  async #handleStream(lease: Lease, events: readonly EventEnvelope[]): Promise<boolean> {
    const { store, subscriptionOf, signal } = this.#options;
    for (const event of events) {
      if (!this.#isHeld(lease)) return false;
      signal.throwIfAborted();
      const subscription = subscriptionOf(event);
      if (subscription !== undefined) await attempt(store, event, subscription, this.#options);
    }
    return true;
  }

  #isHeld(lease: Lease): boolean {
    return this.#held.get(lease.partition)?.lease.fence === lease.fence;
  }

  #lose(partition: number): void {
    this.#held.delete(partition);
    this.#options.observe({ kind: 'fenced', source: this.#options.source, partition });
  }
}

function byStream(events: readonly EventEnvelope[]): Map<string, EventEnvelope[]> {
  return Map.groupBy(events, (event) => `${event.streamtype}/${event.subject}`);
}
