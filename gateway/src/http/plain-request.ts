/** A request with one operation and nothing out of the ordinary. */
export interface PlainRequest {
  /** Undefined: only its hash was sent. */
  readonly query: string | undefined;
  readonly sourceHash: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

const MEMBERS: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions', 'documentId']);

/** Reads a body (GraphQL over HTTP). Undefined: a batch, a mistake, or something that only Apollo Server knows what to do with. */
export function readPlainRequest(body: unknown): PlainRequest | undefined {
  if (!isRecord(body)) return undefined;
  for (const name in body) if (!MEMBERS.has(name)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (query !== undefined && (typeof query !== 'string' || query === '')) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== undefined && variables !== null && !isRecord(variables)) return undefined;
  if (extensions !== undefined && extensions !== null && !isRecord(extensions)) return undefined;
  const persisted = extensions?.['persistedQuery'];
  const sourceHash = persisted === undefined ? undefined : hashOf(persisted);
  // With both, the hash has to be checked against the text; with neither, there is nothing to do.
  if ((query === undefined) === (sourceHash === undefined) || (persisted !== undefined && sourceHash === undefined)) return undefined;
  return { query, sourceHash, operationName: operationName ?? undefined, variables: variables ?? {} };
}

function hashOf(persisted: unknown): string | undefined {
  return isRecord(persisted) && persisted['version'] === 1 && typeof persisted['sha256Hash'] === 'string'
    ? persisted['sha256Hash']
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
