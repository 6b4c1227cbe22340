import { join } from 'node:path';
import { createMigration, diffMigrations } from '@app/database';
import { freePort } from '../ports.ts';
import { startPostgres } from '../postgres.ts';
import { findSubgraphs, type ProjectLayout } from '../project-layout.ts';
import { scratchDir } from '../scratch-dir.ts';

const USAGE = `Usage:
  npm run migrate -- create <subgraph> <name>   write the migration that schema.prisma asks for
  npm run migrate -- check [<subgraph>]         fail when schema.prisma and migrations disagree
Migrations are applied by npm start.
`;

/** Where a command reads from and writes to. */
export interface CommandIo {
  readonly layout: ProjectLayout;
  readonly out: (text: string) => void;
  readonly now: Date;
}

/** Runs `npm run migrate` and returns its exit code: 0 done or in agreement, 1 drift, 2 wrong usage. */
export async function migrateCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const [verb, subgraph, ...words] = args;
  const known = await findSubgraphs(io.layout);
  if (subgraph !== undefined && !known.includes(subgraph)) {
    io.out(`There is no prisma/${subgraph}/schema.prisma. Subgraphs with one: ${known.join(', ') || 'none'}.\n`);
    return 2;
  }
  if (verb === 'create' && subgraph !== undefined && words.length > 0) {
    return withScratchServer((url) => create(url, subgraph, words.join(' '), io));
  }
  if (verb === 'check' && words.length === 0) {
    return withScratchServer((url) => check(url, subgraph === undefined ? known : [subgraph], io));
  }
  io.out(USAGE);
  return 2;
}

async function create(url: string, subgraph: string, name: string, io: CommandIo): Promise<number> {
  const file = await createMigration({ url, name, now: io.now, ...io.layout.database(subgraph) });
  io.out(file === undefined ? `${subgraph}: schema and migrations agree already\n` : `wrote ${file}\n`);
  return 0;
}

async function check(url: string, subgraphs: readonly string[], io: CommandIo): Promise<number> {
  const drifts = await Promise.all(
    subgraphs.map(async (name) => ({ name, sql: await diffMigrations({ url, ...io.layout.database(name) }) })),
  );
  const wrong = drifts.filter(({ sql }) => sql !== '');
  for (const { name, sql } of wrong) {
    io.out(`prisma/${name}: the migrations do not lead to schema.prisma. Missing:\n${sql}\n`);
    io.out(`Write it with: npm run migrate -- create ${name} <what it does>\n`);
  }
  if (wrong.length === 0) io.out(`schema and migrations agree: ${subgraphs.join(', ')}\n`);
  return wrong.length === 0 ? 0 : 1;
}

/** Migrations are replayed in databases that nobody needs, on a server that nobody else uses. */
async function withScratchServer(work: (url: string) => Promise<number>): Promise<number> {
  await using scratch = await scratchDir('migrate');
  const options = { dataDir: join(scratch.path, 'postgres'), port: await freePort(), password: 'scratch' };
  const server = await startPostgres({ ...options, mode: 'throwaway' });
  try {
    return await work(server.url('postgres'));
  } finally {
    await server.stop();
  }
}
