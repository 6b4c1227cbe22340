import { isRole, type UserPrincipal, userPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Issuer } from './issuers.ts';

/** A token that was signed by a known issuer, for us, and has not expired. */
export interface VerifiedToken {
  readonly principal: UserPrincipal;
  readonly tokenId: string;
  readonly expiresAtMs: number;
}

/** Issuers with their keys. */
export type TrustedIssuer = Issuer & { readonly keys: JWTVerifyGetKey };

/** Verifies tokens of several issuers. @throws {AppError} UNAUTHENTICATED, with one text for every reason. */
export function createVerifier(issuers: readonly TrustedIssuer[]): (token: string) => Promise<VerifiedToken> {
  const byName = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  return async (token) => {
    try {
      const issuer = byName.get(claimedIssuer(token));
      if (!issuer) throw new Error('unknown issuer');
      return await verifyFrom(issuer, token);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('UNAUTHENTICATED', undefined, { cause });
    }
  };
}

/** Read before verification, to choose the keys only: verification holds the token to the issuer that owns them. */
function claimedIssuer(token: string): string {
  return String(decodeJwt(token).iss);
}

async function verifyFrom(issuer: TrustedIssuer, token: string): Promise<VerifiedToken> {
  const { payload } = await jwtVerify(token, issuer.keys, {
    algorithms: issuer.algorithms,
    issuer: issuer.issuer,
    audience: issuer.audience,
    ...(issuer.typ !== null && { typ: issuer.typ }),
    requiredClaims: [...new Set([...issuer.requiredClaims, 'iat', 'exp'])],
    maxTokenAge: issuer.maxTokenAgeSeconds,
    clockTolerance: 5,
  });
  const { subject, session } = issuer.claims;
  const id = payload[subject];
  if (typeof id !== 'string' || id === '') throw new Error(`claim ${subject} is missing`);
  return {
    principal: principalOf(issuer, payload, id, String(payload[session] ?? payload.jti ?? '')),
    tokenId: String(payload.jti ?? ''),
    // Who remembers it must not let it live longer than its issuer's tokens may.
    expiresAtMs: Math.min(Number(payload.exp), Number(payload.iat) + issuer.maxTokenAgeSeconds) * 1000,
  };
}

/** Scopes come from roles, and from the issuer's scope claim: a list, or words separated by spaces (RFC 8693). */
function principalOf(issuer: Issuer, payload: JWTPayload, id: string, sessionId: string): UserPrincipal {
  const principal = userPrincipal(id, sessionId, listOf(payload[issuer.claims.roles]).filter(isRole));
  return { ...principal, scopes: [...new Set([...principal.scopes, ...listOf(payload[issuer.claims.scopes])])] };
}

function listOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((item) => typeof item === 'string') : [];
}
