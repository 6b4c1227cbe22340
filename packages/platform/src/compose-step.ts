import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SubgraphSettings } from './config.ts';
import { PlatformError } from './platform-error.ts';

const run = promisify(execFile);

/** What is composed and where the result of the last time is remembered. */
export interface ComposeOptions {
  readonly root: string;
  readonly subgraphs: readonly SubgraphSettings[];
  /** Folder for what is kept between starts. */
  readonly dataDir: string;
  readonly nodeArgs: readonly string[];
}

/**
 * Composes `gateway/supergraph.graphql` anew when a subgraph's schema.graphql, or the supergraph itself, is not what it
 * was the last time, and returns its path.
 *
 * @throws PlatformError `PROCESS_FAILED` with what composition says.
 */
export async function ensureSupergraph(options: ComposeOptions): Promise<string> {
  const target = join(options.root, 'gateway', 'supergraph.graphql');
  const inputs = [
    target,
    join(options.root, 'supergraph.yaml'),
    ...options.subgraphs.map(({ name }) => join(options.root, 'subgraphs', name, 'schema.graphql')),
  ];
  const stampFile = join(options.dataDir, 'composed');
  const kept = await readFile(stampFile, 'utf8').catch(() => '');
  if (kept !== '' && kept === (await fingerprint(inputs))) return target;
  const script = join(options.root, 'packages', 'schema-registry', 'bin', 'schema.ts');
  try {
    await run(process.execPath, [...options.nodeArgs, script, 'compose', '--out', target], { cwd: options.root });
  } catch (cause) {
    const said = cause instanceof Error && 'stdout' in cause && 'stderr' in cause ? `${cause.stdout}${cause.stderr}`.trim() : String(cause);
    const remedy = 'Correct the schema it names, print it with `npm run schema:print`, and start again.';
    throw new PlatformError('PROCESS_FAILED', `The subgraphs do not compose:\n${said}`, remedy, { cause });
  }
  await mkdir(options.dataDir, { recursive: true });
  await writeFile(stampFile, await fingerprint(inputs));
  return target;
}

async function fingerprint(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file).catch(() => '')).update('\0');
  return hash.digest('hex');
}
