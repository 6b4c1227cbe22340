import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Releases } from './release.ts';

/** The folder with one file per event: the JSON Schema of each version that was released. */
export const RELEASED_FOLDER = fileURLToPath(new URL('../released/', import.meta.url));

/** What was released, as the folder has it; nothing when there is none. */
export async function readReleases(folder: string = RELEASED_FOLDER): Promise<Releases> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json')).sort();
  const entries = files.map(
    async (file) => [file.slice(0, -'.json'.length), JSON.parse(await readFile(join(folder, file), 'utf8'))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Adds versions to the folder. What stands there already stays as it is. */
export async function addReleases(added: Releases, folder: string = RELEASED_FOLDER): Promise<void> {
  const known = await readReleases(folder);
  await mkdir(folder, { recursive: true });
  for (const [event, versions] of Object.entries(added)) {
    await writeFile(join(folder, `${event}.json`), `${JSON.stringify({ ...versions, ...known[event] }, null, 2)}\n`);
  }
}
