import { EventEmitter, once } from 'node:events';
import type { EventEnvelope } from '../envelope.ts';
import { DEFAULT_PARTITIONS, partitionOf } from './partition.ts';
import type { Delivery, EventTransport, Lease, LeaseRequest, ReadFrom, ReadOptions } from './transport.ts';

interface Log {
  end: number;
  readonly partitions: EventEnvelope[][];
}

interface Holding {
  owner: string;
  fence: number;
  expiresAtMs: number;
  committed: number;
}

/** Options of {@link MemoryTransport}. */
export interface MemoryTransportOptions {
  readonly partitions?: number;
  /** Unix time in milliseconds; decides when leases run out. */
  readonly now?: () => number;
}

/** The event log inside one process, for tests and for a subgraph run alone. Lost when the process ends. */
export class MemoryTransport implements EventTransport {
  readonly #partitions: number;
  readonly #now: () => number;
  readonly #logs = new Map<string, Log>();
  readonly #holdings = new Map<string, Holding>();
  /** Until when each reader of a consumer counts as alive. */
  readonly #members = new Map<string, Map<string, number>>();
  readonly #arrivals = new EventEmitter().setMaxListeners(0);

  constructor({ partitions = DEFAULT_PARTITIONS, now = Date.now }: MemoryTransportOptions = {}) {
    if (!Number.isInteger(partitions) || partitions < 1) throw new RangeError(`partitions must be 1 or more, got ${partitions}`);
    this.#partitions = partitions;
    this.#now = now;
  }

  append(source: string, after: number, events: readonly EventEnvelope[]): Promise<number> {
    const log = this.#log(source);
    if (log.end !== after) return Promise.resolve(log.end);
    for (const event of events) {
      log.partitions[partitionOf(event.streamtype, event.subject, this.#partitions)]?.push(event);
      log.end = event.position;
    }
    this.#arrivals.emit('arrival');
    return Promise.resolve(log.end);
  }

  lease({ source, consumer, owner, ttlMs }: LeaseRequest): Promise<readonly Lease[]> {
    const now = this.#now();
    const share = this.#shareOf(`${source}/${consumer}`, owner, now + ttlMs);
    const holdings = Array.from({ length: this.#partitions }, (_, partition) => ({
      partition,
      ...this.#holding({ source, consumer, partition }),
    }));
    const mine = holdings.filter(({ held }) => held.expiresAtMs > now && held.owner === owner);
    for (const { held } of mine.splice(share)) held.expiresAtMs = 0;
    const free = holdings.filter(({ held }) => held.expiresAtMs <= now).slice(0, share - mine.length);
    for (const { held } of free) held.fence += 1;
    const leases = [...mine, ...free].map(({ partition, held }) => {
      Object.assign(held, { owner, expiresAtMs: now + ttlMs });
      return { source, consumer, partition, owner, fence: held.fence, committed: held.committed };
    });
    return Promise.resolve(leases.sort((a, b) => a.partition - b.partition));
  }

  release(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) {
      const holding = this.#held(lease);
      if (holding !== undefined) holding.expiresAtMs = 0;
      this.#members.get(`${lease.source}/${lease.consumer}`)?.delete(lease.owner);
    }
    return Promise.resolve();
  }

  async read(from: readonly ReadFrom[], options: ReadOptions): Promise<readonly Delivery[]> {
    const ready = this.#ready(from, options.limit);
    if (ready.length > 0 || options.signal.aborted) return ready;
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.waitMs)]);
    // Both an abort and the end of the wait answer with whatever is there, which may be nothing.
    await once(this.#arrivals, 'arrival', { signal }).catch(() => undefined);
    return this.#ready(from, options.limit);
  }

  commit(lease: Lease, position: number): Promise<boolean> {
    const holding = this.#held(lease);
    if (holding === undefined) return Promise.resolve(false);
    holding.committed = Math.max(holding.committed, position);
    return Promise.resolve(true);
  }

  /** Loses every log and lease, as a broker does that restarts without its data. */
  flush(): void {
    this.#logs.clear();
    this.#holdings.clear();
    this.#members.clear();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #log(source: string): Log {
    const known = this.#logs.get(source);
    if (known !== undefined) return known;
    const log: Log = { end: 0, partitions: Array.from({ length: this.#partitions }, () => []) };
    this.#logs.set(source, log);
    return log;
  }

  /** Notes that a reader lives, and answers how many partitions are its fair share. */
  #shareOf(consumer: string, owner: string, aliveUntilMs: number): number {
    const members = this.#members.get(consumer) ?? new Map<string, number>();
    members.set(owner, aliveUntilMs);
    for (const [each, untilMs] of members) if (untilMs <= this.#now()) members.delete(each);
    this.#members.set(consumer, members);
    return Math.ceil(this.#partitions / members.size);
  }

  #holding({ source, consumer, partition }: Pick<Lease, 'source' | 'consumer' | 'partition'>): { readonly held: Holding } {
    const key = `${source}/${consumer}/${partition}`;
    const held = this.#holdings.get(key) ?? { owner: '', fence: 0, expiresAtMs: 0, committed: 0 };
    this.#holdings.set(key, held);
    return { held };
  }

  #held(lease: Lease): Holding | undefined {
    const holding = this.#holdings.get(`${lease.source}/${lease.consumer}/${lease.partition}`);
    const isHeld = holding?.fence === lease.fence && holding.expiresAtMs > this.#now();
    return isHeld ? holding : undefined;
  }

  #ready(from: readonly ReadFrom[], limit: number): readonly Delivery[] {
    return from.flatMap(({ lease, after }) => {
      const entries = this.#log(lease.source).partitions[lease.partition] ?? [];
      const events = entries.filter((event) => event.position > after).slice(0, limit);
      return events.length === 0 ? [] : [{ lease, events }];
    });
  }
}
