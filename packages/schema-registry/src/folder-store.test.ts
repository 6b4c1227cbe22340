import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from './folder-store.ts';
import { registryStoreContract } from './registry-store.contract.ts';

registryStoreContract('folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'));
  return { store: new FolderStore(folder), [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }) };
});
