/**
 * Who reads which partition for one consumer of one source, as a value that several processes change by
 * compare-and-swap. Nobody's clock is compared with anybody else's: a reader renews by raising its `beat`, and whoever
 * has not seen it rise for its time to live holds it for dead.
 */
export interface LeaseTable {
  /** Rises with each renewal of any reader, so a beat is never used twice. */
  readonly tick: number;
  readonly members: Readonly<Record<string, { readonly beat: number; readonly ttlMs: number }>>;
  readonly partitions: Readonly<Record<number, PartitionLease>>;
}

interface PartitionLease {
  /** Empty when nobody holds it. */
  readonly owner: string;
  readonly fence: number;
  readonly committed: number;
}

/** What one reader holds. */
export type HeldLease = PartitionLease & { readonly partition: number };

export const EMPTY_TABLE: LeaseTable = { tick: 0, members: {}, partitions: {} };

const UNHELD: PartitionLease = { owner: '', fence: 0, committed: 0 };

/** Notices which readers live, from the beats seen. One per process and consumer. */
export class Pulse {
  readonly #seen = new Map<string, { readonly beat: number; readonly atMs: number }>();

  /** @param now Monotonic time in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The table without the readers that are dead. What they held keeps their name until somebody takes it. */
  living(table: LeaseTable): LeaseTable {
    const members = Object.entries(table.members).filter(([owner, { beat, ttlMs }]) => this.#isAlive(owner, beat, ttlMs));
    return { ...table, members: Object.fromEntries(members) };
  }

  #isAlive(owner: string, beat: number, ttlMs: number): boolean {
    const known = this.#seen.get(owner);
    if (known?.beat === beat) return this.now() - known.atMs < ttlMs;
    this.#seen.set(owner, { beat, atMs: this.now() });
    return true;
  }
}

/**
 * Renews a reader and gives it its fair share of the partitions: keeps what it holds, gives back what is too much,
 * takes what nobody living holds. The table must have been through {@link Pulse.living}.
 */
export function takeShare(table: LeaseTable, partitions: number, { owner, ttlMs }: { readonly owner: string; readonly ttlMs: number }) {
  const tick = table.tick + 1;
  const members = { ...table.members, [owner]: { beat: tick, ttlMs } };
  const share = Math.ceil(partitions / Object.keys(members).length);
  const next: Record<number, PartitionLease> = { ...table.partitions };
  const numbers = Array.from({ length: partitions }, (_, n) => n);
  const at = (partition: number) => next[partition] ?? UNHELD;
  const mine = numbers.filter((partition) => at(partition).owner === owner);
  for (const partition of mine.splice(share)) next[partition] = { ...at(partition), owner: '' };
  const free = numbers.filter((partition) => !(at(partition).owner in members) && !mine.includes(partition));
  for (const partition of free.slice(0, share - mine.length)) {
    next[partition] = { ...at(partition), owner, fence: at(partition).fence + 1 };
    mine.push(partition);
  }
  const held = mine.sort((a, b) => a - b).map((partition): HeldLease => ({ partition, ...at(partition) }));
  return { table: { tick, members, partitions: next }, held };
}

/** Records progress; undefined when the lease is no longer held. Never goes back. */
export function recordProgress(table: LeaseTable, lease: Pick<HeldLease, 'partition' | 'owner' | 'fence'>, position: number) {
  const held = table.partitions[lease.partition];
  if (held === undefined || held.owner !== lease.owner || held.fence !== lease.fence) return undefined;
  const committed = Math.max(held.committed, position);
  return { ...table, partitions: { ...table.partitions, [lease.partition]: { ...held, committed } } };
}

/** Takes a reader out and frees those of its leases that it still holds. */
export function leave(table: LeaseTable, leases: readonly Pick<HeldLease, 'partition' | 'owner' | 'fence'>[]): LeaseTable {
  const owners = new Set(leases.map(({ owner }) => owner));
  const members = Object.fromEntries(Object.entries(table.members).filter(([owner]) => !owners.has(owner)));
  const freed = leases.flatMap(({ partition, owner, fence }): [number, PartitionLease][] => {
    const held = table.partitions[partition];
    return held?.owner === owner && held.fence === fence ? [[partition, { ...held, owner: '' }]] : [];
  });
  return { ...table, members, partitions: { ...table.partitions, ...Object.fromEntries(freed) } };
}
