import type { IncomingHttpHeaders } from 'node:http';
import { anonymous, type Principal } from '@app/auth';
import { AppError } from '@app/errors';
import type { Revocations } from './revocations.ts';
import type { VerifiedToken } from './verify-token.ts';

/** Options of {@link createAuthenticator}. */
export interface AuthenticateOptions {
  readonly verify: (token: string) => Promise<VerifiedToken>;
  readonly revocations: Revocations;
  /** Cookie that may carry the token instead of the header; undefined: none. */
  readonly cookie: string | undefined;
}

/** Tokens are a few hundred bytes; hashing and decoding more is work for an attacker. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * Who a request speaks for. No token: nobody. A token that is bad in any way refuses the request: treating it as nobody would hide from a
 * client that it was signed out, and from us that someone is trying.
 */
export function createAuthenticator({
  verify,
  revocations,
  cookie,
}: AuthenticateOptions): (headers: IncomingHttpHeaders) => Promise<Principal> {
  return async (headers) => {
    const token = tokenOf(headers, cookie);
    if (token === undefined) return anonymous;
    if (token.length > MAX_TOKEN_LENGTH) throw new AppError('UNAUTHENTICATED');
    const verified = await verify(token);
    if (await revocations.isRevoked(verified.principal.sessionId, verified.tokenId)) throw new AppError('UNAUTHENTICATED');
    return verified.principal;
  };
}

function tokenOf(headers: IncomingHttpHeaders, cookie: string | undefined): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return cookie === undefined ? undefined : cookieOf(headers.cookie, cookie);
  const [, token] = /^Bearer +([^ ]+) *$/i.exec(authorization) ?? [];
  if (token === undefined) throw new AppError('UNAUTHENTICATED');
  return token;
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return pair === undefined || pair.length === name.length + 1 ? undefined : decoded(pair.slice(name.length + 1));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new AppError('UNAUTHENTICATED', undefined, { cause });
  }
}
