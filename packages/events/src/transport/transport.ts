import type { EventEnvelope } from '../envelope.ts';

/**
 * The right to read one partition for one consumer, until it runs out or is renewed.
 * `fence` rises with every change of owner, so a reader that slept through its lease cannot commit.
 */
export interface Lease {
  readonly source: string;
  readonly consumer: string;
  readonly partition: number;
  readonly owner: string;
  readonly fence: number;
  /** Everything up to this position has been dealt with. 0 at the start. */
  readonly committed: number;
}

/** Who asks for leases, of which source, for how long. */
export interface LeaseRequest {
  readonly source: string;
  readonly consumer: string;
  readonly owner: string;
  readonly ttlMs: number;
}

/** Where to read on: a lease and the last position read under it. */
export interface ReadFrom {
  readonly lease: Lease;
  readonly after: number;
}

/** Events of one partition, in ascending position. */
export interface Delivery {
  readonly lease: Lease;
  readonly events: readonly EventEnvelope[];
}

/** How much to read and how long to wait for it. */
export interface ReadOptions {
  /** Most events per partition. */
  readonly limit: number;
  /** Longest wait when there is nothing, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * A log of events per source, split into partitions by stream, each partition read by one leased reader
 * per consumer. Every implementation passes the suite in transport.contract.ts.
 */
export interface EventTransport {
  /**
   * Appends events to the log of `source` if the log ends exactly at position `after`.
   * Answers where the log ends afterwards: the last event's position when they were appended, otherwise
   * the log's own end, unchanged. Atomic. A lost log ends at 0.
   */
  append(source: string, after: number, events: readonly EventEnvelope[]): Promise<number>;
  /**
   * Takes this reader's fair share of the partitions (all of them over the number of living readers, rounded up):
   * renews what it holds, gives back what is too much, takes what is free. Answers all that it holds now.
   */
  lease(request: LeaseRequest): Promise<readonly Lease[]>;
  /** Gives leases back, so that the next reader need not wait for them to run out. */
  release(leases: readonly Lease[]): Promise<void>;
  /** Reads what follows in each partition; empty after `waitMs` or when the signal aborts. */
  read(from: readonly ReadFrom[], options: ReadOptions): Promise<readonly Delivery[]>;
  /** Records progress. False when the lease has gone to another reader; then nothing is recorded. */
  commit(lease: Lease, position: number): Promise<boolean>;
  /** Ends open connections. Idempotent. */
  close(): Promise<void>;
}
