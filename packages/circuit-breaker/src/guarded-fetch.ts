import type { CircuitBreakers } from './circuit-breakers.ts';
import type { CircuitConfig } from './operation-config.ts';

/** `fetch` as a library takes it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** An answer that says that the server is unwell: counted, and handed to the caller all the same. */
class ServerFault extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`answered ${response.status}`);
    this.response = response;
  }
}

/**
 * `fetch` through a circuit: no answer and status 500 and above count against it. The one place that calls `fetch`; the
 * linter sends everybody else here. The timeout covers the answer's head; its body ends with the signal of `init`.
 * @throws as {@link CircuitBreakers.execute}, and what `fetch` throws.
 */
export function guardedFetch(breakers: CircuitBreakers, config: CircuitConfig): Fetch {
  return async (input, init = {}) => {
    try {
      return await breakers.execute(
        async ({ signal }) => {
          const response = await fetch(input, { ...init, signal });
          if (response.status >= 500) throw new ServerFault(response);
          return response;
        },
        { ...config, ...(init.signal && { signal: init.signal }) },
      );
    } catch (error) {
      if (error instanceof ServerFault) return error.response;
      throw error;
    }
  };
}
