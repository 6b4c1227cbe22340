import { parseJson, readText, UsageError } from './graph.ts';
import { assertHashes, operationsOf, type RegisteredOperation } from './operations.ts';

/** The id of a trusted document: the SHA-256 of its text in hexadecimal, with or without the name of the algorithm. */
const ID = /^(?:sha256:)?([0-9a-f]{64})$/;

/**
 * Reads a manifest of trusted documents, `{ "<id>": "query …" }`, as code generation writes it and the gateway's
 * `TRUSTED_DOCUMENTS_FILE` takes it.
 * @throws {UsageError} when it is no manifest, an id is no SHA-256, or one is not that of its document.
 */
export function readManifest(file: string, client: string): RegisteredOperation[] {
  const operations = entriesOf(file).flatMap(([id, document]) => {
    const hash = ID.exec(id)?.[1];
    if (hash === undefined) throw new UsageError(`${file}: the id "${id}" is not a SHA-256 of 64 hexadecimal digits.`);
    return operationsOf(document, file, client).map((operation) => ({ ...operation, hash }));
  });
  assertHashes(operations);
  return operations;
}

function entriesOf(file: string): [id: string, document: string][] {
  const manifest = parseJson(readText(file), file);
  const entries = typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest) ? Object.entries(manifest) : [];
  if (entries.length === 0 || entries.some(([, document]) => typeof document !== 'string'))
    throw new UsageError(`${file} is not a manifest: write { "<SHA-256>": "query …" }.`);
  return entries;
}
