import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** A document that was served before. */
export interface KnownDocument {
  readonly source: string;
  /** SHA-256 of the source in hex, by which clients may ask for it (automatic persisted queries). */
  readonly sourceHash: string;
  readonly document: DocumentNode;
}

/** Documents that are valid in one version of the schema, found by their text or its hash. Bounded: the least recently used goes first. */
export class KnownDocuments {
  private readonly byText: LRUCache<string, KnownDocument>;
  private readonly byHash: LRUCache<string, KnownDocument>;

  constructor(max: number) {
    this.byText = new LRUCache({ max });
    this.byHash = new LRUCache({ max });
  }

  remember({ source, sourceHash, document }: KnownDocument): void {
    const known = { source, sourceHash, document };
    this.byText.set(source, known);
    this.byHash.set(sourceHash, known);
  }

  /** The document of a request, which sends its text or only the hash. */
  find({ query, sourceHash }: { readonly query: string | undefined; readonly sourceHash: string | undefined }): KnownDocument | undefined {
    if (query !== undefined) return this.byText.get(query);
    return sourceHash === undefined ? undefined : this.byHash.get(sourceHash);
  }
}
