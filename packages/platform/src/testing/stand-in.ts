import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../ports.ts';
import { type ScratchDir, scratchDir } from '../scratch-dir.ts';

/** A process that does what the launcher expects of every process, and nothing else. */
const PROCESS = `
import { createServer } from 'node:http';
if (process.env.STAND_IN_FAILS === process.env.PORT) { console.error('DATABASE_URL is not set'); process.exit(3); }
const server = createServer((request, response) => response.end(JSON.stringify({ pid: process.pid, env: process.env })));
server.listen(Number(process.env.PORT), () => console.log(JSON.stringify({ level: 30, msg: 'listening', port: process.env.PORT })));
process.on('SIGTERM', () => process.exit(0));
`;

const WORKER = `
setInterval(() => undefined, 1_000);
console.log('working');
process.on('SIGTERM', () => process.exit(0));
`;

const COMPOSE = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
const sdl = readdirSync('subgraphs').map((name) => readFileSync('subgraphs/' + name + '/schema.graphql', 'utf8')).join('');
if (sdl.includes('BROKEN')) { console.log('Field "x" does not compose'); process.exit(1); }
writeFileSync(process.argv.at(-1), sdl);
`;

const SEED = `
import pg from 'pg';
export async function seed({ databaseUrl, scale, onProgress }) {
  if (scale === 999) throw new Error('the seed says no');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('INSERT INTO thing (id) SELECT gen_random_uuid()::text FROM generate_series(1, $1)', [scale]);
  await client.end();
  onProgress({ done: 1, total: 1, step: 'things' });
}
`;

const subgraphs = ['accounts', 'products', 'reviews', 'orders'];
const GRAPH = `subgraphs:\n${subgraphs.map((name, index) => `  ${name}: { routing_url: http://localhost:${4001 + index}/graphql, schema: { file: subgraphs/${name}/schema.graphql } }\n`).join('')}`;

const SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\nmodel thing {\n  id String @id\n}\n';
const MIGRATION = 'CREATE TABLE "thing" ("id" TEXT NOT NULL, CONSTRAINT "thing_pkey" PRIMARY KEY ("id"));\n';

const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** A repository in miniature: four subgraphs, a worker, a gateway, one database schema with a migration and a seed. */
export async function standIn(): Promise<ScratchDir> {
  const scratch = await scratchDir('stand-in');
  const put = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(scratch.path, path)), { recursive: true });
    await writeFile(join(scratch.path, path), content);
  };
  await put('supergraph.yaml', GRAPH);
  for (const name of subgraphs) {
    await put(`subgraphs/${name}/src/main.ts`, PROCESS);
    await put(`subgraphs/${name}/schema.graphql`, `# the schema of ${name}\n`);
  }
  await put('subgraphs/orders/src/worker.ts', WORKER);
  await put('gateway/src/main.ts', PROCESS);
  await put('packages/schema-registry/bin/schema.ts', COMPOSE);
  await put('prisma/accounts/schema.prisma', SCHEMA);
  await put('prisma/accounts/migrations/20260101000000_first/migration.sql', MIGRATION);
  await put('prisma/accounts/seed.ts', SEED);
  await symlink(modules, join(scratch.path, 'node_modules'));
  await put('package.json', '{ "type": "module" }');
  return scratch;
}

/** Every port of `npm start` on a free one, as environment variables. */
export async function freePortVariables(): Promise<Record<string, string>> {
  const variables = [
    'GATEWAY_PORT',
    'GATEWAY_METRICS_PORT',
    'POSTGRES_PORT',
    'REDIS_PORT',
    'MAILBOX_PORT',
    'MAILBOX_SMTP_PORT',
    'JOBS_PORT',
    'NATS_PORT',
  ];
  for (const name of subgraphs) variables.push(`${name.toUpperCase()}_PORT`, `${name.toUpperCase()}_RPC_PORT`);
  const ports = new Set<number>();
  while (ports.size < variables.length) ports.add(await freePort());
  const values = [...ports].map(String);
  return Object.fromEntries(variables.map((name, index) => [name, values[index] ?? '']));
}

/** Ids of all processes of this machine whose command line mentions the text. */
export async function processesMentioning(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(text)) found.push(Number(entry));
  }
  return found;
}

const POLL_MS = 25;

/** Asks again and again until the answer is yes; the test's own time limit ends a wait that has no end. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await delay(POLL_MS);
}
