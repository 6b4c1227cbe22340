import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, loadContext } from '@graphql-codegen/cli';
import { expect, test } from 'vitest';
import manifest from './generated/persisted-documents.json' with { type: 'json' };

const root = join(import.meta.dirname, '../../..');

test('what is generated is what the documents and the schema say (npm run codegen)', async () => {
  const context = await loadContext(join(root, 'codegen.yml'));
  context.updateConfig({ silent: true, cwd: root });
  const files = (await generate(context, false)) as { filename: string; content: string }[];
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const { filename, content } of files) expect(readFileSync(join(root, filename), 'utf8').trim(), filename).toBe(content.trim());
}, 60_000);

test('every id of the manifest is the hash of its document', () => {
  for (const [id, text] of Object.entries(manifest)) expect(id).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
});

test('every document of the manifest is registered (npm run schema -- operations push)', () => {
  const registered = new Set(readOperations().map(({ hash }) => `sha256:${hash}`));
  expect(Object.keys(manifest).filter((id) => !registered.has(id))).toEqual([]);
});

function readOperations(): { hash: string }[] {
  return JSON.parse(readFileSync(join(root, 'registry/operations.json'), 'utf8')) as { hash: string }[];
}
