/** The Redis stream on which gateways tell accounts, which keeps the audit log, what they denied. */
export const denialsStream = 'audit:denials';

/** The field of an entry that holds a denial as JSON. */
export const denialField = 'denial';

/** What a gateway did not let somebody see or do. Ids and names only: audit entries outlive an erasure. */
export interface Denial {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Account of who asked; null when nobody was signed in. */
  readonly actorId: string | null;
  /** Name of the operation, null when it has none. */
  readonly operation: string | null;
  /** Where in the answer, as dotted response keys; the first ten. */
  readonly paths: readonly string[];
  /** How often the same was denied to the same person within a second. */
  readonly times: number;
  /** Request that was denied first. */
  readonly requestId: string;
}

/** Reads an entry of {@link denialsStream}; undefined when it is none of ours. */
export function parseDenial(text: string): Denial | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isDenial(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isDenial(value: unknown): value is Denial {
  if (typeof value !== 'object' || value === null) return false;
  const { at, actorId, operation, paths, times, requestId } = value as Record<keyof Denial, unknown>;
  return (
    Number.isSafeInteger(at) &&
    (actorId === null || typeof actorId === 'string') &&
    (operation === null || typeof operation === 'string') &&
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string') &&
    Number.isSafeInteger(times) &&
    typeof requestId === 'string'
  );
}
