import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { EventEnvelope } from '../envelope.ts';
import { leave, Pulse, recordProgress, takeShare } from './lease-table.ts';
import { isWrongSequence, NatsBroker, type NatsSession, type NatsStream } from './nats-broker.ts';
import { NatsLeaseDocument } from './nats-lease-document.ts';
import { NatsPartitionFeed } from './nats-partition-feed.ts';
import { DEFAULT_PARTITIONS, partitionOf } from './partition.ts';
import type { Delivery, EventTransport, Lease, LeaseRequest, ReadFrom, ReadOptions } from './transport.ts';

/** Options of {@link NatsTransport}. */
export interface NatsTransportOptions {
  /** `nats://host:port`, several with commas between. */
  readonly url: string;
  /** First part of every stream and subject. */
  readonly prefix?: string;
  readonly partitions?: number;
  /** Entries the log of a source keeps; what is older has to be replayed from the event table. */
  readonly maxLength?: number;
  /** Copies of each stream in a NATS cluster. */
  readonly replicas?: number;
  /** Told when the connection is lost; it goes on trying. */
  readonly onError?: (error: Error) => void;
}

/**
 * The event log on NATS JetStream (server 2.9 or newer): one stream per source with one subject per partition, where the
 * stream's sequence number is the event's position, so the server itself refuses what does not follow. Leases are one
 * document per consumer, changed by compare-and-swap.
 */
export class NatsTransport implements EventTransport {
  readonly #broker: NatsBroker;
  readonly #partitions: number;
  readonly #maxLength: number;
  readonly #documents = new Map<string, { readonly document: NatsLeaseDocument; readonly pulse: Pulse }>();
  readonly #feeds = new Map<string, NatsPartitionFeed>();
  readonly #arrivals = new EventEmitter().setMaxListeners(0);

  constructor({ url, prefix = 'events', partitions = DEFAULT_PARTITIONS, ...options }: NatsTransportOptions) {
    if (!Number.isInteger(partitions) || partitions < 1) throw new RangeError(`partitions must be 1 or more, got ${partitions}`);
    this.#broker = new NatsBroker({ url, prefix, replicas: options.replicas ?? 1, onError: options.onError ?? (() => undefined) });
    this.#partitions = partitions;
    this.#maxLength = options.maxLength ?? 8_000_000;
  }

  append(source: string, after: number, events: readonly EventEnvelope[]): Promise<number> {
    const log = this.#log(source);
    return this.#broker.withStream(log, async (session) => {
      const sent = events.map((event, index) => {
        const subject = this.#subject(source, partitionOf(event.streamtype, event.subject, this.#partitions));
        return session.client.publish(subject, JSON.stringify(event), { expect: { lastSequence: after + index } });
      });
      const refused = (await Promise.allSettled(sent)).flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      const failure = refused.find((error) => !isWrongSequence(error));
      if (failure !== undefined) throw failure;
      return events.length > 0 && refused.length === 0 ? after + events.length : endOf(session, log);
    });
  }

  lease({ source, consumer, owner, ttlMs }: LeaseRequest): Promise<readonly Lease[]> {
    const { document, pulse } = this.#document(source, consumer);
    return document.change((table) => {
      const { table: next, held } = takeShare(pulse.living(table), this.#partitions, { owner, ttlMs });
      return { table: next, answer: held.map((lease) => ({ source, consumer, ...lease })) };
    });
  }

  async release(leases: readonly Lease[]): Promise<void> {
    const groups = Map.groupBy(leases, ({ source, consumer }) => `${source}/${consumer}`);
    const released = [...groups.values()].map(async (group) => {
      const [first] = group;
      if (first === undefined) return;
      await this.#document(first.source, first.consumer).document.change((table) => ({ table: leave(table, group), answer: undefined }));
    });
    await Promise.all([...released, ...leases.map((lease) => this.#drop(feedName(lease)))]);
  }

  async read(from: readonly ReadFrom[], { limit, waitMs, signal }: ReadOptions): Promise<readonly Delivery[]> {
    if (signal.aborted) return [];
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    for (;;) {
      const arrival = once(this.#arrivals, 'arrival', { signal: waiting }).catch(() => undefined);
      const ready = from.flatMap((place) => this.#ready(place, limit));
      if (ready.length > 0 || waiting.aborted) return ready;
      await arrival;
      if (signal.aborted) return [];
      // What arrived in the same moment is read with it.
      await setImmediate();
    }
  }

  commit({ source, consumer, ...lease }: Lease, position: number): Promise<boolean> {
    return this.#document(source, consumer).document.change((table) => {
      const next = recordProgress(table, lease, position);
      return { table: next ?? table, answer: next !== undefined };
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#feeds.keys()].map((name) => this.#drop(name)));
    await this.#broker.close();
  }

  #ready({ lease, after }: ReadFrom, limit: number): readonly Delivery[] {
    const name = feedName(lease);
    const known = this.#feeds.get(name);
    if (known?.error !== undefined) {
      void this.#drop(name);
      throw known.error;
    }
    const events = (known?.covers(after) ? known : this.#open(name, lease, after)).take(after, limit);
    return events.length === 0 ? [] : [{ lease, events }];
  }

  #open(name: string, { source, partition }: Lease, after: number): NatsPartitionFeed {
    void this.#drop(name);
    const feed = new NatsPartitionFeed({
      broker: this.#broker,
      stream: this.#log(source),
      subject: this.#subject(source, partition),
      place: { source, partition },
      after,
      onArrival: () => this.#arrivals.emit('arrival'),
    });
    this.#feeds.set(name, feed);
    return feed;
  }

  async #drop(name: string): Promise<void> {
    const feed = this.#feeds.get(name);
    this.#feeds.delete(name);
    await feed?.close();
  }

  #log(source: string): NatsStream {
    return this.#broker.stream(['log', source], { maxMessages: this.#maxLength, maxPerSubject: -1 });
  }

  #subject(source: string, partition: number): string {
    return this.#broker.subject('log', source, String(partition));
  }

  #document(source: string, consumer: string) {
    const name = `${source}/${consumer}`;
    const stream = this.#broker.stream(['leases'], { maxMessages: -1, maxPerSubject: 1 });
    const subject = this.#broker.subject('leases', source, consumer);
    const known = this.#documents.get(name) ?? { document: new NatsLeaseDocument(this.#broker, stream, subject), pulse: new Pulse() };
    this.#documents.set(name, known);
    return known;
  }
}

async function endOf({ manager }: NatsSession, { name }: NatsStream): Promise<number> {
  return (await manager.streams.info(name)).state.last_seq;
}

function feedName({ source, consumer, owner, partition }: Lease): string {
  return [source, consumer, owner, partition].join('/');
}
