import { type CircuitBreakers, guardedFetch } from '@app/circuit-breaker';
import type { Redis } from 'ioredis';
import { createAuthenticator } from './authenticate.ts';
import { issuerKeys } from './issuer-keys.ts';
import type { Issuer } from './issuers.ts';
import { createJwksProxy } from './jwks-route.ts';
import { createRedisRevocations, noRevocations } from './revocations.ts';
import { rememberVerified } from './token-cache.ts';
import { createVerifier } from './verify-token.ts';

/** Everything about tokens that configuration decides. */
export interface AuthenticationOptions {
  readonly issuers: readonly Issuer[];
  readonly breakers: CircuitBreakers;
  readonly cookie: string | undefined;
  readonly jwksProxyUrl: string | undefined;
  readonly jwksCooldownMs: number;
  readonly tokenCacheSize: number;
  readonly revocation: {
    readonly redis: Redis | undefined;
    readonly rememberMs: number;
    readonly whenUnavailable: 'open' | 'closed';
    readonly onUnavailable: (error: unknown) => void;
  };
}

/** Keys are fetched anew this often, for rotated-out keys to stop working. */
const KEYS_MAX_AGE_MS = 600_000;
const KEYS_TIMEOUT_MS = 2_000;

/** Builds authentication: issuers with their keys → verifier → remembered verifications → revocations. */
export function createAuthentication(options: AuthenticationOptions) {
  // One circuit for each host: an issuer that is away keeps nobody from the keys of another.
  const askAt = ({ host }: URL) =>
    guardedFetch(options.breakers, { id: `keys of ${host}`, timeoutMs: KEYS_TIMEOUT_MS, recoveryTimeoutMs: 1_000 });
  const keyOptions = { cooldownMs: options.jwksCooldownMs, maxAgeMs: KEYS_MAX_AGE_MS, timeoutMs: KEYS_TIMEOUT_MS };
  const issuers = options.issuers.map((issuer) => {
    const url = new URL(issuer.jwksUrl);
    return { ...issuer, keys: issuerKeys(url, { ...keyOptions, ask: askAt(url) }) };
  });
  const verify = rememberVerified(createVerifier(issuers), { max: options.tokenCacheSize });
  const { redis, ...revocation } = options.revocation;
  const revocations =
    redis === undefined ? noRevocations : createRedisRevocations(redis, { ...revocation, maxRemembered: options.tokenCacheSize });
  const jwksUrl = options.jwksProxyUrl ?? options.issuers[0]?.jwksUrl;
  return {
    authenticate: createAuthenticator({ verify, revocations, cookie: options.cookie }),
    jwks: jwksUrl === undefined ? undefined : createJwksProxy({ url: jwksUrl, ask: askAt(new URL(jwksUrl)), timeoutMs: KEYS_TIMEOUT_MS }),
  };
}
