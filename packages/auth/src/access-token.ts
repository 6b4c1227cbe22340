import { type CryptoKey, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { type UserPrincipal, userPrincipal } from './principal.ts';
import { isRole, type Role } from './roles.ts';

/** Life of an access token in seconds: 15 minutes. */
export const accessTokenTtlSeconds = 900;

/** `typ` header of our access tokens (RFC 9068), so that no other JWT of ours passes for one. */
export const accessTokenType = 'at+jwt';

/** What an access token says. `sid` is the session, `jti` this token: revocation works on both. */
export interface AccessTokenClaims {
  readonly subject: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  readonly tokenId: string;
}

/** Issuer and audience that tokens are minted for and held to. */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: string;
}

/** Signing key with the id under which its public half is published. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: CryptoKey;
}

/** Signs an EdDSA access token that lives {@link accessTokenTtlSeconds}. */
export function signAccessToken(claims: AccessTokenClaims, key: SigningKey, options: TokenParties & { now: Date }): Promise<string> {
  const issuedAt = Math.floor(options.now.getTime() / 1000);
  return new SignJWT({ sid: claims.sessionId, roles: claims.roles })
    .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid: key.keyId })
    .setSubject(claims.subject)
    .setJti(claims.tokenId)
    .setIssuer(options.issuer)
    .setAudience(options.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenTtlSeconds)
    .sign(key.privateKey);
}

/** A verified access token. */
export interface VerifiedAccessToken {
  readonly principal: UserPrincipal;
  readonly tokenId: string;
  readonly expiresAt: Date;
}

/**
 * Verifies a token of our own issuer. Unknown roles are dropped: a newer issuer may know more than we do.
 * @throws the error of jose that says what is wrong; its `code` narrows.
 */
export async function verifyAccessToken(
  token: string,
  keys: JWTVerifyGetKey,
  options: TokenParties & { now?: Date },
): Promise<VerifiedAccessToken> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['EdDSA'],
    issuer: options.issuer,
    audience: options.audience,
    typ: accessTokenType,
    requiredClaims: ['sub', 'jti', 'sid', 'iat', 'exp'],
    maxTokenAge: accessTokenTtlSeconds,
    clockTolerance: 5,
    ...(options.now && { currentDate: options.now }),
  });
  const held = Array.isArray(payload['roles']) ? payload['roles'].filter(isRole) : [];
  return {
    principal: userPrincipal(String(payload.sub), String(payload['sid']), held),
    tokenId: String(payload.jti),
    expiresAt: new Date(Number(payload.exp) * 1000),
  };
}
