import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FolderStore } from './folder-store.ts';
import { registryStoreContract } from './registry-store.contract.ts';

registryStoreContract('folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'));
  return { store: new FolderStore(folder), [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }) };
});

test('the same schemas are published again when composition makes another supergraph of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'));
  const store = new FolderStore(folder);
  const products = { name: 'products', url: 'http://products', sdl: 'type Query { product: Int }', file: 'products.graphql' };
  const note = { by: 'ann', message: '', now: new Date('2026-11-20T00:00:00Z') };
  const { version } = await store.publish([products], note);
  const composed = await store.supergraph(await store.version());
  const older = `${composed}# as an older composition wrote it\n`;
  const hash = createHash('sha256').update(older).digest('hex');
  writeFileSync(join(folder, 'schemas', `${hash}.graphql`), older);
  const history = join(folder, 'history.jsonl');
  writeFileSync(history, readFileSync(history, 'utf8').replace(version?.supergraph ?? '', hash));
  expect(await store.supergraph(await store.version())).toBe(older);
  expect(await store.publish([products], note)).toMatchObject({ isNew: true, version: { number: 2 } });
  expect(await store.supergraph(await store.version())).toBe(composed);
  rmSync(folder, { recursive: true });
});
