import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { findCaller } from '../data/tokens.ts';
import { type Caller, type Right, requireRights } from '../domain/rights.ts';
import { RegistryError } from '../registry-error.ts';

/** Longer ones are no tokens of ours, and not worth hashing. */
const LONGEST_TOKEN = 300;

/** The token of a request: `Authorization: Bearer`, the password of `Authorization: Basic` (browsers), or Apollo's `X-Api-Key`. */
export function tokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (/^bearer$/i.test(scheme) && value !== '') return value;
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(value, 'base64').toString();
    return pair.slice(pair.indexOf(':') + 1);
  }
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/**
 * Who asks, with the rights it needs.
 * @throws {RegistryError} `TOKEN_MISSING`, `TOKEN_UNKNOWN` or `RIGHT_MISSING`.
 */
export async function authenticate(pool: pg.Pool, token: string | undefined, ...rights: readonly Right[]): Promise<Caller> {
  if (token === undefined)
    throw new RegistryError('TOKEN_MISSING', 'Send a token of the registry: "Authorization: Bearer …". Its token command makes one.');
  if (token.length > LONGEST_TOKEN) throw new RegistryError('TOKEN_UNKNOWN', 'This is no token of the registry: it is too long.');
  const caller = await findCaller(pool, token);
  requireRights(caller, ...rights);
  return caller;
}
