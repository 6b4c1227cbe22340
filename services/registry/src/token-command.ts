import { parseArgs } from 'node:util';
import type pg from 'pg';
import { createToken, listTokens, revokeToken } from './data/tokens.ts';
import { graphRef } from './domain/graph-ref.ts';
import { RegistryError } from './registry-error.ts';

const usage = `Usage: npm run registry:token -- COMMAND [options]

  create   make a token and print it: it is shown this once; only its hash is kept
  list     the tokens of a graph, and when each was last used
  revoke   end a token at once

  --graph REF     the graph, such as shop@current (default supergraph@current); made when it is new
  --name NAME     what the token is for, such as ci or gateway
  --right RIGHT   read, check, report, publish:SUBGRAPH or publish:* (repeatable)
  --days N        how long it works (default: without end)
`;

const options = {
  graph: { type: 'string', default: 'supergraph@current' },
  name: { type: 'string' },
  right: { type: 'string', multiple: true, default: [] as string[] },
  days: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const MILLISECONDS_OF_DAY = 86_400_000;

/** Where the command works. */
export interface TokenCommandSurroundings {
  readonly pool: pg.Pool;
  readonly write: (text: string) => void;
  readonly now: () => Date;
  /** Who calls it, for the audit. */
  readonly by: string;
}

/** Makes, lists and ends tokens. Returns the exit code: 0, or 1 when the call is wrong, which is said. */
export async function runTokenCommand(args: readonly string[], surroundings: TokenCommandSurroundings): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb] = positionals;
    if (values.help) surroundings.write(usage);
    else if (verb === 'list') await list(values.graph, surroundings);
    else if (verb === 'create') await create(values, surroundings);
    else if (verb === 'revoke') await revoke(values, surroundings);
    else throw new RegistryError('WRONG_FIELD', `Unknown command "${verb ?? ''}".\n\n${usage}`);
    return 0;
  } catch (error) {
    if (!(error instanceof RegistryError) && !isArgumentError(error)) throw error;
    surroundings.write(`${error.message}\n`);
    return 1;
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function create({ graph, name, right, days }: Values, { pool, write, now, by }: TokenCommandSurroundings): Promise<void> {
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days))
    throw new RegistryError('WRONG_FIELD', `--days is ${days}: allowed is a number from 1.`);
  const expiresAt = days === undefined ? undefined : new Date(now().getTime() + Number(days) * MILLISECONDS_OF_DAY);
  write(`${await createToken(pool, { graph, name: needed(name), rights: right, by, ...(expiresAt && { expiresAt }) })}\n`);
}

async function revoke({ graph, name }: Values, { pool, write, by }: TokenCommandSurroundings): Promise<void> {
  await revokeToken(pool, { graph, name: needed(name), by });
  write(`${name} no longer works.\n`);
}

async function list(graph: string, { pool, write }: TokenCommandSurroundings): Promise<void> {
  const tokens = await listTokens(pool, graph);
  if (tokens.length === 0) write(`${graphRef(graph)} has no tokens: create makes one.\n`);
  for (const { name, rights, expiresAt, revokedAt, lastUsedAt } of tokens) {
    const state = revokedAt ? `revoked ${day(revokedAt)}` : expiresAt ? `until ${day(expiresAt)}` : 'works';
    write(`${name}  ${rights.join(' ')}  ${state}  ${lastUsedAt ? `last used ${day(lastUsedAt)}` : 'never used'}\n`);
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function needed(name: string | undefined): string {
  if (name === undefined) throw new RegistryError('WRONG_FIELD', 'Give the token a name: --name ci');
  return name;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
