import type { Fetch } from '@app/circuit-breaker';
import { AppError } from '@app/errors';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';

/** How keys are fetched. */
export interface KeyOptions {
  /** At most one fetch per this long, successful or not, however many unknown key ids arrive; while no keys are known at all, one a second. */
  readonly cooldownMs: number;
  /** Keys are fetched anew after this long; when that fails, the known ones go on working. */
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
  readonly ask: Fetch;
  readonly now?: () => number;
}

/** Nobody who is signed in is served meanwhile: an issuer that starts a moment later than we do is not waited for any longer. */
const NO_KEYS_PAUSE_MS = 1_000;

/**
 * The published keys of an issuer. Only `kid` chooses among them: `jku`, `x5u` and `jwk` headers of tokens are never followed.
 * Threat: tokens with made-up key ids make the gateway flood the issuer, and an outage of the issuer signs everybody out. Hence one fetch
 * per cooldown, and known keys that never expire on their own.
 */
export function issuerKeys(url: URL, { cooldownMs, maxAgeMs, timeoutMs, ask, now = Date.now }: KeyOptions): JWTVerifyGetKey {
  const set = createRemoteJWKSet(url, {
    cooldownDuration: Number.MAX_SAFE_INTEGER,
    cacheMaxAge: Number.POSITIVE_INFINITY,
    timeoutDuration: timeoutMs,
    [customFetch]: ask,
  });
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let attempt: Promise<void> = Promise.resolve();
  const refresh = (): Promise<void> => {
    const pauseMs = set.jwks() === undefined ? Math.min(cooldownMs, NO_KEYS_PAUSE_MS) : cooldownMs;
    if (now() - attemptedAt >= pauseMs) {
      attemptedAt = now();
      attempt = set.reload().catch(() => undefined);
    }
    return attempt;
  };
  return async (header, token) => {
    if (set.jwks() === undefined) await refresh();
    else if (now() - attemptedAt >= maxAgeMs) void refresh();
    if (set.jwks() === undefined) throw new AppError('DOWNSTREAM_UNAVAILABLE', 'Tokens cannot be verified right now: try again.');
    try {
      return await set(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      return set(header, token);
    }
  };
}
