import { createHash } from 'node:crypto';
import { AppError } from '@app/errors';
import type { Stage } from './request-state.ts';

/** `off`: any operation. `warn`: others are served and reported. `enforce`: only registered operations are served. */
export type TrustedDocumentsMode = 'off' | 'warn' | 'enforce';

/** Options of {@link requireTrustedDocument}. */
export interface TrustedDocumentsOptions {
  readonly mode: TrustedDocumentsMode;
  readonly documents: TrustedDocuments;
  /** Told of each operation that is not registered. */
  readonly onUnknown: (sourceHash: string) => void;
}

/** Registered operations, found by the SHA-256 of their text. */
export class TrustedDocuments {
  private readonly byHash: ReadonlyMap<string, string>;
  private readonly byId: ReadonlyMap<string, string>;

  /** @param manifest operation texts by id, as client generators write it: `{"<id>": "query …"}`. */
  constructor(manifest: Readonly<Record<string, string>> = {}) {
    this.byId = new Map(Object.entries(manifest));
    this.byHash = new Map(Object.values(manifest).map((text) => [createHash('sha256').update(text).digest('hex'), text]));
  }

  isRegistered(sourceHash: string): boolean {
    return this.byHash.has(sourceHash);
  }

  /** The text registered under an id, for clients that send the id only. */
  textOf(id: string): string | undefined {
    return this.byId.get(id);
  }

  /** The text with a SHA-256, for clients that send `extensions.persistedQuery` only. */
  textWithHash(sourceHash: string): string | undefined {
    return this.byHash.get(sourceHash);
  }
}

/** Refuses operations that are not registered, when so configured. Introspection by tools is not registered either. */
export function requireTrustedDocument({ mode, documents, onUnknown }: TrustedDocumentsOptions): Stage {
  return (state) => {
    if (mode === 'off' || documents.isRegistered(state.sourceHash)) return;
    onUnknown(state.sourceHash);
    if (mode === 'enforce') throw new AppError('PERSISTED_QUERY_REQUIRED');
  };
}
