#!/usr/bin/env node
/*
 * Generates the typed Prisma client of every subgraph and service whose schema changed since the last time.
 *
 * Runs after every `npm install`, on whatever Node that was started with and before any TypeScript can run, hence plain
 * JavaScript without dependencies. Needs no network: Prisma's command line asks for its schema engine although it does
 * not use it for this, so the path of any existing file is given instead of a download.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.env.GENERATE_ROOT ?? fileURLToPath(new URL('../../..', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const prisma = join(modules, 'prisma', 'build', 'index.js');
const node = existsSync(join(modules, 'node', 'bin', 'node')) ? join(modules, 'node', 'bin', 'node') : process.execPath;
const force = process.argv.includes('--force');

if (!existsSync(prisma)) {
  // A production install leaves out development dependencies; images bring the generated clients along.
  console.log('prisma is not installed: the database clients were not generated');
} else {
  const results = await Promise.all(findSubgraphs().map(generate));
  if (results.includes('failed')) process.exitCode = 1;
}

function findSubgraphs() {
  const folder = join(root, 'prisma');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'schema.prisma')));
}

async function generate(name) {
  const schema = join(root, 'prisma', name, 'schema.prisma');
  const folder = existsSync(join(root, 'services', name)) ? 'services' : 'subgraphs';
  const output = join(root, folder, name, 'src', 'data', 'client');
  const stamp = join(output, '.inputs');
  const inputs = hashInputs(schema);
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return 'unchanged';

  const { code, text } = await run(schema);
  if (code !== 0 || !existsSync(join(output, 'client.ts'))) {
    console.error(`${name}: prisma generate failed\n${text.trim()}`);
    if (code === 0) console.error(`${name}: the generator must have output = "../../${folder}/${name}/src/data/client"`);
    return 'failed';
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
  console.log(`${name}: database client generated`);
  return 'generated';
}

function hashInputs(schema) {
  const hash = createHash('sha256');
  const { version } = JSON.parse(readFileSync(join(modules, 'prisma', 'package.json'), 'utf8'));
  return hash.update(version).update('\0').update(readFileSync(schema)).digest('hex');
}

function run(schema) {
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    NO_COLOR: '1',
  };
  return new Promise((resolve) => {
    const child = spawn(node, [prisma, 'generate', '--no-hints', '--schema', schema], { cwd: root, env });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('error', (error) => resolve({ code: 1, text: error.message }));
    child.on('close', (code) => resolve({ code, text }));
  });
}
