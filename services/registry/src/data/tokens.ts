import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { graphRef } from '../domain/graph-ref.ts';
import { type Caller, parseRights, type Right } from '../domain/rights.ts';
import { RegistryError } from '../registry-error.ts';
import { recordAudit } from './audit.ts';
import { inTransaction, type Queries } from './database.ts';

/** A token to be made. */
export interface NewToken {
  readonly graph: string;
  readonly name: string;
  readonly rights: readonly string[];
  /** It works without end when absent. */
  readonly expiresAt?: Date;
  /** Who makes it, for the audit. */
  readonly by: string;
}

/** A token as it may be shown: its secret is not known any more. */
export interface TokenInfo {
  readonly name: string;
  readonly rights: readonly Right[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

const SECRET_BYTES = 32;
const NAME = /^[\w.@/-]{1,100}$/;
const UNIQUE_VIOLATION = '23505';

/**
 * Makes a token, and the graph when it is new, and returns the token: `service:<graph>:<secret>`, the form of Apollo's graph keys, so that it
 * may stand in APOLLO_KEY. Only its hash is stored; 256 random bits need no slow hash.
 */
export async function createToken(pool: pg.Pool, { graph, name, rights, expiresAt, by }: NewToken): Promise<string> {
  const ref = graphRef(graph);
  const checked = parseRights(rights);
  if (!NAME.test(name))
    throw new RegistryError('WRONG_FIELD', `"${name}" is no name of a token: letters, digits and . _ @ / - only, at most 100.`);
  const token = `service:${ref}:${randomBytes(SECRET_BYTES).toString('base64url')}`;
  await inTransaction(pool, async (client) => {
    await client.query('INSERT INTO graph (ref) VALUES ($1) ON CONFLICT DO NOTHING', [ref]);
    const values = [ref, name, hashOf(token), checked, expiresAt ?? null];
    await client
      .query('INSERT INTO token (graph, name, hash, rights, expires_at) VALUES ($1, $2, $3, $4, $5)', values)
      .catch(explainTaken(name));
    await recordAudit(client, { graph: ref, who: by, action: 'token created', detail: { name, rights: checked } });
  });
  return token;
}

function explainTaken(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)) throw error;
    throw new RegistryError('WRONG_FIELD', `There is a token ${name} already: revoke it, or take another name.`, { cause: error });
  };
}

/** Ends a token. @throws {RegistryError} `NOT_FOUND` when there is none of that name that works. */
export async function revokeToken(pool: pg.Pool, { graph, name, by }: Pick<NewToken, 'graph' | 'name' | 'by'>): Promise<void> {
  const ref = graphRef(graph);
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query('UPDATE token SET revoked_at = now() WHERE graph = $1 AND name = $2 AND revoked_at IS NULL', [
      ref,
      name,
    ]);
    if (rowCount === 0) throw new RegistryError('NOT_FOUND', `${ref} has no token ${name} that works: list shows those it has.`);
    await recordAudit(client, { graph: ref, who: by, action: 'token revoked', detail: { name } });
  });
}

/** The tokens of a graph, newest first. */
export async function listTokens(db: Queries, graph: string): Promise<TokenInfo[]> {
  const { rows } = await db.query<TokenInfo>(
    `SELECT name, rights, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"
     FROM token WHERE graph = $1 ORDER BY id DESC`,
    [graphRef(graph)],
  );
  return rows;
}

/** Whether anybody was ever given a token. */
export async function hasTokens(db: Queries): Promise<boolean> {
  return ((await db.query('SELECT 1 FROM token LIMIT 1')).rowCount ?? 0) > 0;
}

/** Who a token is. @throws {RegistryError} `TOKEN_UNKNOWN`, saying no more than that: not whether it expired or never was. */
export async function findCaller(db: Queries, token: string): Promise<Caller> {
  const { rows } = await db.query<Caller & { isStale: boolean }>(
    `SELECT id AS "tokenId", name AS "tokenName", graph, rights,
            last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS "isStale"
     FROM token WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [hashOf(token)],
  );
  const [found] = rows;
  if (!found)
    throw new RegistryError(
      'TOKEN_UNKNOWN',
      'This token is not known, was revoked or has expired: make one with the token command of the registry.',
    );
  const { isStale, ...caller } = found;
  if (isStale) await db.query('UPDATE token SET last_used_at = now() WHERE id = $1', [caller.tokenId]);
  return caller;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
