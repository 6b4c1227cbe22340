import { LRUCache } from 'lru-cache';
import type { CheckedOperation, KnownDocument } from './checked-operation.ts';

/** Longer texts are served and not remembered, in any place: most of what is so long is comments, or written to be large. */
export const MAX_KEPT_TEXT = 65_536;
/** Room for each operation in characters of text; what is made of them takes a multiple. */
const ROOM_PER_OPERATION = 4_096;

/**
 * Operations that were checked against one version of the schema, and their documents. Bounded by number and size: the least recently used goes first.
 *
 * An operation is kept from the second time on that somebody asks for it. Tools and careless clients send texts of which no two are the same;
 * kept, they would push out those that are asked for all the time, and each collection of garbage would carry them along.
 */
export class KnownOperations {
  private readonly seen: LRUCache<string, true>;
  private readonly byName: LRUCache<string, CheckedOperation>;
  private readonly byText: LRUCache<string, KnownDocument>;
  private readonly byHash: LRUCache<string, KnownDocument>;

  /** @param max how many operations are kept. */
  constructor(max: number) {
    this.seen = new LRUCache({ max });
    const maxSize = Math.max(max * ROOM_PER_OPERATION, MAX_KEPT_TEXT);
    this.byName = new LRUCache({ max, maxSize, sizeCalculation: ({ origin }) => origin.source.length });
    this.byText = new LRUCache({ max, maxSize, sizeCalculation: ({ source }) => source.length });
    this.byHash = new LRUCache({ max, maxSize, sizeCalculation: ({ source }) => source.length });
  }

  /** An operation by its document and name ({@link CheckedOperation.origin}). */
  get(name: string): CheckedOperation | undefined {
    return this.byName.get(name);
  }

  /** The document of a request, which sends its text or only the hash. */
  findDocument({ query, sourceHash }: { readonly query: string | undefined; readonly sourceHash: string | undefined }) {
    if (query !== undefined) return this.byText.get(query);
    return sourceHash === undefined ? undefined : this.byHash.get(sourceHash);
  }

  /** Takes note of an operation that {@link get} did not have. */
  meet(operation: CheckedOperation): void {
    const { name, source } = operation.origin;
    if (source.length > MAX_KEPT_TEXT) return;
    if (this.seen.has(name)) this.keep(operation, 1);
    else this.seen.set(name, true);
  }

  /** @param uses how often it was asked for so far. */
  keep(operation: CheckedOperation, uses: number): void {
    const { name, source, sourceHash, document } = operation.origin;
    operation.uses = uses;
    this.byName.set(name, operation);
    const known = { source, sourceHash, document };
    this.byText.set(source, known);
    this.byHash.set(sourceHash, known);
  }

  /** Those that are asked for most, the most wanted first. */
  mostUsed(count: number): CheckedOperation[] {
    return [...this.byName.values()].sort((one, other) => other.uses - one.uses).slice(0, count);
  }
}
