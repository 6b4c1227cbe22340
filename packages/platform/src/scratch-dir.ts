import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own below the system's temporary one; deleted when disposed. */
export interface ScratchDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes a scratch folder that other accounts may enter but not list: Postgres runs as another account for root. */
export async function scratchDir(name: string): Promise<ScratchDir> {
  const path = await mkdtemp(join(tmpdir(), `supergraph-${name}-`));
  await chmod(path, 0o711);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
