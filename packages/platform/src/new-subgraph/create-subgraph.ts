import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PlatformError } from '../platform-error.ts';
import type { Progress } from '../progress.ts';
import { namesOf } from './names.ts';
import { renderSubgraph } from './render.ts';
import { freePort, takenIn } from './tree.ts';
import { wirings } from './wiring.ts';

const run = promisify(execFile);

/** What a subgraph is created with. */
export interface CreateSubgraphOptions {
  readonly root: string;
  readonly name: string;
  readonly progress: Progress;
  readonly now: Date;
  readonly env: NodeJS.ProcessEnv;
}

/** What was created. */
export interface CreatedSubgraph {
  readonly port: number;
  /** Paths below the root: files that are new and files that go on. */
  readonly created: readonly string[];
  readonly changed: readonly string[];
}

/** Written by the steps after the files: what is generated from all subgraphs together. */
const GENERATED = [
  'gateway/supergraph.graphql',
  'docs/configuration.md',
  'clients/storefront/src/generated/gql.ts',
  'clients/storefront/src/generated/graphql.ts',
  'clients/storefront/src/generated/persisted-documents.json',
  'clients/storefront/src/generated/possible-types.ts',
];

/**
 * Creates a subgraph with its database, adds it to the lists of subgraphs, and generates what is generated from them.
 * All of it or nothing: when a step fails, the tree is as it was.
 *
 * @throws PlatformError `WRONG_NAME`, `WRONG_GRAPH`, or `PROCESS_FAILED` with what a step said.
 */
export async function createSubgraph({ root, name, progress, now, env }: CreateSubgraphOptions): Promise<CreatedSubgraph> {
  const names = namesOf(name, takenIn(root));
  const port = freePort(root);
  const events = readFileSync(join(root, 'packages/events/sql/events.sql'), 'utf8');
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const files = renderSubgraph(names, { port, stamp, events });
  const packageJson = JSON.parse(files.get(`subgraphs/${name}/package.json`) ?? '{}');
  const wired = Object.entries(wirings).map(([file, wire]) => [
    file,
    wire(readFileSync(join(root, file), 'utf8'), { name, port, packageJson }),
  ]);
  const before = new Map([...Object.keys(wirings), ...GENERATED].map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  try {
    for (const [file = '', text = ''] of [...files, ...wired]) write(join(root, file), text);
    await generate({ root, name, progress, env });
  } catch (error) {
    for (const folder of foldersOf(name)) rmSync(join(root, folder), { recursive: true, force: true });
    for (const [file, text] of before) write(join(root, file), text);
    throw error;
  }
  const changed = [...before].filter(([file, text]) => readFileSync(join(root, file), 'utf8') !== text).map(([file]) => file);
  return { port, created: [...files.keys(), `subgraphs/${name}/schema.graphql`].sort(), changed };
}

const foldersOf = (name: string): string[] => [`subgraphs/${name}`, `prisma/${name}`, `node_modules/@subgraphs/${name}`];

async function generate({ root, name, progress, env }: Pick<CreateSubgraphOptions, 'root' | 'name' | 'progress' | 'env'>): Promise<void> {
  link(root, name);
  const node = (label: string, ...args: string[]): Promise<void> => progress.step(label, () => runNode(root, env, args));
  await node('formatted', 'node_modules/@biomejs/biome/bin/biome', 'check', '--write', `subgraphs/${name}`, `prisma/${name}`);
  await node('database client generated', 'packages/database/bin/generate.mjs');
  await node('schema printed', '--import=tsx', `subgraphs/${name}/src/print-schema.ts`);
  await node(
    'supergraph composed',
    '--import=tsx',
    'packages/schema-registry/bin/schema.ts',
    'compose',
    '--out',
    'gateway/supergraph.graphql',
  );
  await node('page of variables written', '--import=tsx', 'packages/platform/bin/configuration-page.ts');
  await node('client types generated', 'node_modules/@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen.yml');
}

/** What `npm install` would do, without a network. */
function link(root: string, name: string): void {
  const path = join(root, 'node_modules', '@subgraphs', name);
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(join('..', '..', 'subgraphs', name), path);
}

async function runNode(root: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<void> {
  try {
    await run(process.execPath, args, { cwd: root, env });
  } catch (cause) {
    const said = cause instanceof Error && 'stdout' in cause && 'stderr' in cause ? `${cause.stdout}${cause.stderr}`.trim() : String(cause);
    const message = `A step failed, and the tree is as it was: node ${args.join(' ')}\n${said}`;
    throw new PlatformError('PROCESS_FAILED', message, 'Run `npm run check`: the tree may have been broken before.', { cause });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
