import { setTimeout as sleep } from 'node:timers/promises';
import type { Fetch } from '@app/circuit-breaker';

/** Where a supergraph is served, and how it is asked for. */
export interface RegistryPollOptions {
  /** Answers GET with the supergraph; an `ETag` and `Prefer: wait` (RFC 7240) make it cheap and quick, a plain file server will do. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | undefined;
  /** How long the server may hold back its answer until there is something new. */
  readonly waitSeconds: number;
  /** Pause between two questions to a server that does not hold back, and after a failure at most. */
  readonly pauseMs: number;
  readonly ask: Fetch;
  readonly onError: (error: unknown) => void;
}

const MAX_BYTES = 64 * 1_024 * 1_024;
const FIRST_PAUSE_MS = 250;
/** A server may take this much longer than it was allowed to wait. */
const GRACE_MS = 10_000;
const NOT_MODIFIED = 304;

/**
 * Follows a supergraph that a registry serves. A failure changes nothing: it is told, and the question asked again, with pauses that double.
 */
export class RegistryPoll {
  private readonly options: RegistryPollOptions;
  private etag: string | undefined;
  private sdl: string | undefined;

  constructor(options: RegistryPollOptions) {
    this.options = options;
  }

  /** The supergraph as it is now. Rejects with the reason when there is none. */
  async first(): Promise<string> {
    const sdl = await this.ask(0, new AbortController().signal);
    if (sdl === undefined) throw new Error(`${this.options.url} answered "not modified" although nothing was known yet`);
    return sdl;
  }

  /** Calls back with each new supergraph until stopped. Returns what stops it. */
  follow(onSupergraph: (sdl: string) => void): () => void {
    const stopping = new AbortController();
    void this.run(onSupergraph, stopping.signal);
    return () => stopping.abort();
  }

  private async run(onSupergraph: (sdl: string) => void, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        const sdl = await this.ask(this.options.waitSeconds, signal);
        if (sdl !== undefined) onSupergraph(sdl);
        failures = 0;
        const hasWaited = performance.now() - startedAt >= this.options.pauseMs;
        // Something new, or an answer that took its time: ask at once. Otherwise the server does not hold back.
        if ((sdl !== undefined && this.etag !== undefined) || hasWaited) continue;
        await pause(this.options.pauseMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.options.onError(error);
        await pause(Math.min(this.options.pauseMs, FIRST_PAUSE_MS * 2 ** failures), signal);
        failures += 1;
      }
    }
  }

  /** Undefined when there is nothing new, also where a server does not say so. */
  private async ask(waitSeconds: number, signal: AbortSignal): Promise<string | undefined> {
    const { url, token } = this.options;
    const response = await this.options.ask(url, {
      headers: {
        accept: 'text/plain, application/graphql',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(this.etag !== undefined && { 'if-none-match': this.etag, prefer: `wait=${waitSeconds}` }),
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1_000 + GRACE_MS)]),
    });
    if (response.status === NOT_MODIFIED) return undefined;
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await readText(response)).slice(0, 500)}`);
    const sdl = await readText(response);
    this.etag = response.headers.get('etag') ?? undefined;
    if (sdl === this.sdl) return undefined;
    this.sdl = sdl;
    return sdl;
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_BYTES) throw new Error(`${response.url} answered with more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
