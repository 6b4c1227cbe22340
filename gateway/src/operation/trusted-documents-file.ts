import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TrustedDocuments } from './trusted-documents.ts';

/** Reads registered operations from a JSON file `{"<id>": "query …"}`. @throws when the file is missing or has another form. */
export async function loadTrustedDocuments(path: string | undefined): Promise<TrustedDocuments> {
  if (path === undefined) return new TrustedDocuments();
  return new TrustedDocuments(z.record(z.string(), z.string()).parse(JSON.parse(await readFile(path, 'utf8'))));
}
