import type { ConsumerInfo } from '@nats-io/jetstream';
import type { EventEnvelope } from '../envelope.ts';
import { followSubject, type NatsBroker, type NatsStream } from './nats-broker.ts';
import { type EntryPlace, readEntry } from './read-entry.ts';

/** How long the server lets one request for messages wait, in milliseconds; a lost consumer is noticed within this time. */
const REQUEST_MS = 2_000;

/** Where a feed reads, and how much of it it keeps at hand. */
export interface FeedOptions {
  readonly broker: NatsBroker;
  readonly stream: NatsStream;
  readonly subject: string;
  readonly place: Pick<EntryPlace, 'source' | 'partition'>;
  /** Position behind which it starts. */
  readonly after: number;
  /** Called whenever there is something new, be it an event or the end. */
  readonly onArrival: () => void;
}

/** The events of one partition from a position on, fetched ahead of whoever reads them. Ends at the first irregularity. */
export class NatsPartitionFeed {
  readonly #options: FeedOptions;
  readonly #outages: number;
  #base: number;
  #events: readonly EventEnvelope[] = [];
  #consumer: Promise<ConsumerInfo> | undefined;
  #delivered = 0;
  #isFetching = false;
  #hasEnded = false;
  #error: unknown;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#outages = options.broker.outages;
    this.#base = options.after;
  }

  /** Whether it can say what follows `after`. */
  covers(after: number): boolean {
    return !this.#hasEnded && this.#outages === this.#options.broker.outages && after >= this.#base;
  }

  /** What made it end, if it was an error. */
  get error(): unknown {
    return this.#error;
  }

  /** What follows `after`, at most `limit`; asks for more when that is all. Forgets what is not behind `after`. */
  take(after: number, limit: number): readonly EventEnvelope[] {
    this.#events = this.#events.filter(({ position }) => position > after);
    this.#base = after;
    if (this.#events.length < limit && !this.#isFetching && !this.#hasEnded) void this.#fetch(limit);
    return this.#events.slice(0, limit);
  }

  /** Ends it and gives its consumer on the server back. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    const info = await this.#consumer?.catch(() => undefined);
    if (info === undefined) return;
    const { broker, stream } = this.#options;
    // The server ends a consumer that nobody asks anyway; this is only sooner.
    const remove = async () => (await broker.session()).manager.consumers.delete(stream.name, info.name);
    await remove().catch(() => false);
  }

  async #fetch(limit: number): Promise<void> {
    this.#isFetching = true;
    try {
      await this.#fetchOnce(limit);
    } catch (error) {
      this.#error = error;
      this.#hasEnded = true;
    }
    this.#isFetching = false;
    this.#options.onArrival();
  }

  async #fetchOnce(limit: number): Promise<void> {
    const { broker, stream, subject } = this.#options;
    this.#consumer ??= broker.withStream(stream, ({ manager }) => manager.consumers.add(stream.name, followSubject(subject, this.#base)));
    const info = await this.#consumer;
    const consumer = (await broker.session()).client.consumers.getConsumerFromInfo(info);
    for await (const message of await consumer.fetch({ max_messages: limit, expires: REQUEST_MS })) {
      this.#delivered += 1;
      // A gap means that a delivery got lost on its way; whoever reads starts anew from what it has dealt with.
      if (message.info.deliverySequence !== this.#delivered) throw new Error(`a delivery of ${subject} was lost`);
      if (this.#hasEnded) return;
      const event = readEntry(message.string(), { ...this.#options.place, position: message.seq });
      if (event.position > this.#base) this.#events = [...this.#events, event];
      this.#options.onArrival();
    }
  }
}
