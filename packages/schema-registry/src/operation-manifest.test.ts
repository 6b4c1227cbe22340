import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from './graph.ts';
import { readManifest } from './operation-manifest.ts';

const fileWith = (content: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'manifest-')), 'manifest.json');
  writeFileSync(file, content);
  return file;
};
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const document = 'query A { a }';

test.each([`sha256:${hashOf(document)}`, hashOf(document)])('a document is registered under the hash of its text (%s)', (id) => {
  expect(readManifest(fileWith(JSON.stringify({ [id]: document })), 'shop@1')).toEqual([
    { name: 'A', document, hash: hashOf(document), clients: ['shop@1'], lastSeen: null },
  ]);
});

test.each([
  [
    JSON.stringify({ [hashOf('query B { b }')]: document }),
    /Operation A: its hash is .* that of its document is .*Make the manifest again/,
  ],
  [JSON.stringify({ 'product-page': document }), /the id "product-page" is not a SHA-256/],
  [JSON.stringify({ [hashOf('{')]: '{' }), /is not GraphQL/],
  ['{}', /is not a manifest/],
  ['[1]', /is not a manifest/],
  ['{"a": 1}', /is not a manifest/],
  ['{', /is not JSON/],
])('%s is refused with what is wrong', (content, message) => {
  expect(() => readManifest(fileWith(content), 'shop@1')).toThrow(UsageError);
  expect(() => readManifest(fileWith(content), 'shop@1')).toThrow(message);
});
