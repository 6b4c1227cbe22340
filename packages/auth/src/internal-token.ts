import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '@app/errors';
import { identityOf } from './identity.ts';
import { anonymous, type Principal, userPrincipal } from './principal.ts';
import { isRole } from './roles.ts';

/**
 * How services know that a request was made for them, by whom, on whose behalf, with exactly this body.
 *
 * `x-internal-token` is a compact JWS (HS256, typ `internal+jwt`) for one audience and principal that lives a minute and
 * may be reused; `x-internal-signature` is `timestamp.HMAC-SHA256(key, timestamp \n token \n body)` and binds this one
 * request. Threat: a subgraph's port is reached past the gateway, or a captured header is sent with another body.
 * Consequence: such a request is refused before it is parsed. Keys are one per receiving service, so a service can at
 * most forge calls to itself.
 */
export const internalTokenHeader = 'x-internal-token';
export const internalSignatureHeader = 'x-internal-signature';

/** Life of an internal token in seconds. */
export const internalTokenTtlSeconds = 60;

/** How far the clocks of two services may be apart, and how long a signed request may be on its way, in seconds. */
export const signatureToleranceSeconds = 30;

const header = encode({ alg: 'HS256', typ: 'internal+jwt' });

/** Makes the two headers for calls to one service. Tokens are kept for callers with the same rights while they live. */
export class InternalSigner {
  private readonly audience: string;
  private readonly key: string;
  private readonly issuer: string;
  private readonly now: () => number;
  private readonly tokens = new Map<string, { token: string; renewAt: number }>();

  /**
   * @param audience name of the receiving service.
   * @param key shared with that service only, at least 32 characters.
   * @param issuer name of the calling service.
   */
  constructor(audience: string, key: string, issuer: string, now: () => number = Date.now) {
    this.audience = audience;
    this.key = key;
    this.issuer = issuer;
    this.now = now;
  }

  /** Headers for one request with this exact body. */
  sign(principal: Principal, body: string | Uint8Array): Record<string, string> {
    const token = this.tokenFor(principal);
    const timestamp = Math.floor(this.now() / 1000);
    return { [internalTokenHeader]: token, [internalSignatureHeader]: `${timestamp}.${bodySignature(this.key, timestamp, token, body)}` };
  }

  private tokenFor(principal: Principal): string {
    const identity = identityOf(principal);
    const known = this.tokens.get(identity);
    const now = this.now();
    if (known && known.renewAt > now) return known.token;
    if (this.tokens.size >= 5_000) this.tokens.clear();
    const issuedAt = Math.floor(now / 1000);
    const claims = { iss: this.issuer, aud: this.audience, iat: issuedAt, exp: issuedAt + internalTokenTtlSeconds, ...claimsOf(principal) };
    const unsigned = `${header}.${encode(claims)}`;
    const token = `${unsigned}.${hmac(this.key, unsigned)}`;
    this.tokens.set(identity, { token, renewAt: now + (internalTokenTtlSeconds / 2) * 1000 });
    return token;
  }
}

/** Who called and for whom. */
export interface InternalCall {
  readonly issuer: string;
  readonly principal: Principal;
}

/** What a receiving service checks with. */
export interface InternalVerifierOptions {
  readonly audience: string;
  readonly key: string;
  readonly now?: () => number;
}

/**
 * Checks both headers against the raw body.
 * @throws {AppError} UNAUTHENTICATED with one message for every reason, so that a prober learns nothing.
 */
export function verifyInternalCall(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string | Uint8Array,
  { audience, key, now = Date.now }: InternalVerifierOptions,
): InternalCall {
  const token = headers[internalTokenHeader];
  const signature = headers[internalSignatureHeader];
  if (typeof token !== 'string' || typeof signature !== 'string') throw refused();
  const seconds = Math.floor(now() / 1000);
  checkSignature(token, signature, body, key, seconds);
  return checkToken(token, audience, key, seconds);
}

function checkSignature(token: string, signature: string, body: string | Uint8Array, key: string, seconds: number): void {
  const match = /^(\d{1,12})\.([\w-]{43})$/.exec(signature);
  if (!match?.[1] || !match[2]) throw refused();
  const timestamp = Number(match[1]);
  if (Math.abs(seconds - timestamp) > signatureToleranceSeconds) throw refused();
  if (!isSame(match[2], bodySignature(key, timestamp, token, body))) throw refused();
}

function checkToken(token: string, audience: string, key: string, seconds: number): InternalCall {
  const [head, payload, mac, rest] = token.split('.');
  if (head !== header || payload === undefined || mac === undefined || rest !== undefined) throw refused();
  if (!isSame(mac, hmac(key, `${head}.${payload}`))) throw refused();
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  if (claims['aud'] !== audience || Number(claims['exp']) <= seconds) throw refused();
  return { issuer: String(claims['iss']), principal: principalOf(claims) };
}

function claimsOf(principal: Principal): Record<string, unknown> {
  if (principal.kind === 'user')
    return { kind: 'user', sub: principal.id, sid: principal.sessionId, roles: principal.roles, scopes: principal.scopes };
  return principal.kind === 'service' ? { kind: 'service', sub: principal.id } : { kind: 'anonymous' };
}

function principalOf(claims: Record<string, unknown>): Principal {
  if (claims['kind'] === 'service') return { kind: 'service', id: String(claims['sub']) };
  if (claims['kind'] !== 'user') return anonymous;
  const roles = (claims['roles'] as unknown[]).filter(isRole);
  return { ...userPrincipal(String(claims['sub']), String(claims['sid']), roles), scopes: claims['scopes'] as string[] };
}

function bodySignature(key: string, timestamp: number, token: string, body: string | Uint8Array): string {
  return createHmac('sha256', key).update(`${timestamp}\n${token}\n`).update(body).digest('base64url');
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function isSame(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', 'This service answers only signed internal requests.');
}
