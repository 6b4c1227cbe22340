import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { EventEnvelope } from '../envelope.ts';
import { DEFAULT_PARTITIONS, partitionOf } from './partition.ts';
import { readEntry } from './read-entry.ts';
import { APPEND, COMMIT, LEASE, RELEASE } from './redis-scripts.ts';
import type { Delivery, EventTransport, Lease, LeaseRequest, ReadFrom, ReadOptions } from './transport.ts';

/** Options of {@link RedisTransport}. */
export interface RedisTransportOptions {
  /** Connection for commands. Blocking reads run on duplicates of it. */
  readonly redis: Redis;
  /** Whether `close` ends that connection too; otherwise the caller does. */
  readonly isConnectionOwned?: boolean;
  /** First part of every key. */
  readonly prefix?: string;
  readonly partitions?: number;
  /** Entries a partition keeps, about; what is older has to be replayed from the event table. */
  readonly maxLength?: number;
}

/** The event log on Redis Streams: one stream per partition, entry id = position, leases as keys that expire. */
export class RedisTransport implements EventTransport {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #partitions: number;
  readonly #maxLength: number;
  readonly #isConnectionOwned: boolean;
  readonly #readers = new Map<string, Redis>();

  constructor({ redis, prefix = 'events', partitions = DEFAULT_PARTITIONS, ...options }: RedisTransportOptions) {
    if (!Number.isInteger(partitions) || partitions < 1) throw new RangeError(`partitions must be 1 or more, got ${partitions}`);
    this.#redis = redis;
    this.#prefix = prefix;
    this.#partitions = partitions;
    this.#maxLength = options.maxLength ?? 1_000_000;
    this.#isConnectionOwned = options.isConnectionOwned ?? false;
  }

  async append(source: string, after: number, events: readonly EventEnvelope[]): Promise<number> {
    const keys = [this.#key(source, 'end'), ...this.#partitionNumbers().map((n) => this.#streamKey(source, n))];
    const entries = events.flatMap((event) => [
      partitionOf(event.streamtype, event.subject, this.#partitions) + 1,
      event.position,
      JSON.stringify(event),
    ]);
    return Number(await this.#redis.eval(APPEND, keys.length, ...keys, after, this.#maxLength, ...entries));
  }

  async lease({ source, consumer, owner, ttlMs }: LeaseRequest): Promise<readonly Lease[]> {
    const perPartition = this.#partitionNumbers().flatMap((partition) => {
      const { lease, fence, offset } = this.#leaseKeys({ source, consumer, partition });
      return [lease, fence, offset];
    });
    const keys = [this.#key(source, consumer, 'members'), ...perPartition];
    const held = await this.#redis.eval(LEASE, keys.length, ...keys, owner, ttlMs);
    return (held as [number, number, string][])
      .map(([partition, fence, committed]) => ({ source, consumer, partition, owner, fence, committed: Number(committed) }))
      .sort((a, b) => a.partition - b.partition);
  }

  async release(leases: readonly Lease[]): Promise<void> {
    await Promise.all(
      leases.map((lease) => {
        const members = this.#key(lease.source, lease.consumer, 'members');
        return this.#redis.eval(RELEASE, 2, this.#leaseKeys(lease).lease, members, lease.owner, lease.fence);
      }),
    );
  }

  async read(from: readonly ReadFrom[], { limit, waitMs, signal }: ReadOptions): Promise<readonly Delivery[]> {
    const [first] = from;
    if (first === undefined || signal.aborted) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      return [];
    }
    const byKey = new Map(from.map(({ lease }) => [this.#streamKey(lease.source, lease.partition), lease]));
    const ids = from.map(({ after }) => `${after}-0`);
    const name = `${first.lease.source}/${first.lease.consumer}/${first.lease.owner}`;
    const reader = this.#reader(name);
    // A blocked XREAD cannot be called back; cutting its connection ends it. One that waits for a connection would wait for ever then.
    const aborted = Promise.withResolvers<null>();
    const cut = () => {
      reader.disconnect();
      this.#readers.delete(name);
      aborted.resolve(null);
    };
    signal.addEventListener('abort', cut, { once: true });
    try {
      const xread = reader.xread('COUNT', limit, 'BLOCK', waitMs, 'STREAMS', ...byKey.keys(), ...ids);
      const reply = await Promise.race([xread, aborted.promise]);
      return (reply ?? []).flatMap(([key, entries]) => {
        const lease = byKey.get(key);
        return lease === undefined ? [] : [{ lease, events: entries.map((entry) => readStreamEntry(entry, lease)) }];
      });
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    } finally {
      signal.removeEventListener('abort', cut);
    }
  }

  async commit(lease: Lease, position: number): Promise<boolean> {
    const keys = this.#leaseKeys(lease);
    return (await this.#redis.eval(COMMIT, 2, keys.lease, keys.offset, lease.owner, lease.fence, position)) === 1;
  }

  close(): Promise<void> {
    for (const reader of this.#readers.values()) reader.disconnect();
    this.#readers.clear();
    if (this.#isConnectionOwned) this.#redis.disconnect();
    return Promise.resolve();
  }

  #reader(name: string): Redis {
    const known = this.#readers.get(name);
    if (known !== undefined && known.status !== 'end') return known;
    const reader = this.#redis.duplicate({ maxRetriesPerRequest: 0, enableOfflineQueue: true });
    // Errors surface through the rejected command; without a listener ioredis would print them.
    reader.on('error', () => undefined);
    this.#readers.set(name, reader);
    return reader;
  }

  #partitionNumbers(): readonly number[] {
    return Array.from({ length: this.#partitions }, (_, n) => n);
  }

  #key(source: string, ...rest: readonly string[]): string {
    return [this.#prefix, `{${source}}`, ...rest].join(':');
  }

  #streamKey(source: string, partition: number): string {
    return this.#key(source, 'log', String(partition));
  }

  #leaseKeys({ source, consumer, partition }: Pick<Lease, 'source' | 'consumer' | 'partition'>) {
    const key = (kind: string) => this.#key(source, consumer, String(partition), kind);
    return { lease: key('lease'), fence: key('fence'), offset: key('offset') };
  }
}

function readStreamEntry([id, fields]: readonly [string, readonly string[]], { source, partition }: Lease): EventEnvelope {
  return readEntry(fields[1] ?? '', { source, partition, position: Number(id.slice(0, id.indexOf('-'))) });
}
