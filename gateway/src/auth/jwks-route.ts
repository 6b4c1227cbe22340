import type { Fetch } from '@app/circuit-breaker';
import { AppError } from '@app/errors';

/** How long a fetched key set is answered without asking again. */
const FRESH_MS = 10_000;

/** Options of {@link createJwksProxy}. */
export interface JwksProxyOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly ask: Fetch;
  readonly now?: () => number;
}

/**
 * The identity provider's key set under the gateway's own address, so that clients need to know one host. Asked at most every ten seconds;
 * while the provider is down the last answer goes on.
 */
export function createJwksProxy({ url, timeoutMs, ask, now = Date.now }: JwksProxyOptions): () => Promise<string> {
  let last: { readonly text: string; readonly atMs: number } | undefined;
  return async () => {
    if (last && now() - last.atMs < FRESH_MS) return last.text;
    try {
      const response = await ask(url, { signal: AbortSignal.timeout(timeoutMs) });
      const keys: unknown = await response.json();
      if (response.status !== 200 || typeof keys !== 'object' || keys === null || !('keys' in keys))
        throw new Error(`answered ${response.status}`);
      last = { text: JSON.stringify({ keys: keys.keys }), atMs: now() };
      return last.text;
    } catch (cause) {
      if (last) return last.text;
      throw new AppError('DOWNSTREAM_UNAVAILABLE', undefined, { cause });
    }
  };
}
