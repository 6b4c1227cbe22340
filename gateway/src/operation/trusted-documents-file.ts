import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TrustedDocuments } from './trusted-documents.ts';

/** An id that says what it is the hash of. */
const HASH = /^(?:sha256:)?([0-9a-f]{64})$/;

/**
 * Reads registered operations from a JSON file `{"<id>": "query …"}`. An id of 64 hexadecimal digits, also after
 * `sha256:`, has to be the SHA-256 of its text: a file that was edited by hand would let through what nobody registered.
 * @throws when the file is missing, has another form or a wrong hash.
 */
export async function loadTrustedDocuments(path: string | undefined): Promise<TrustedDocuments> {
  if (path === undefined) return new TrustedDocuments();
  const manifest = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(path, 'utf8')));
  for (const [id, text] of Object.entries(manifest)) assertHash(path, id, text);
  return new TrustedDocuments(manifest);
}

function assertHash(path: string, id: string, text: string): void {
  const claimed = HASH.exec(id)?.[1];
  const actual = createHash('sha256').update(text).digest('hex');
  if (claimed === undefined || claimed === actual) return;
  const start = text.slice(0, 60);
  throw new Error(
    `TRUSTED_DOCUMENTS_FILE ${path}: the id ${id} is not the SHA-256 of its document "${start}…", which is ${actual}. Make the file again from the documents.`,
  );
}
