import { readFile, rename, writeFile } from 'node:fs/promises';
import { type CircuitBreakers, type Fetch, guardedFetch } from '@app/circuit-breaker';
import type { Logger } from '@app/observability';
import type { Config } from '../config.ts';
import { RegistryPoll } from './registry-poll.ts';
import { watchFile } from './schema-source.ts';

/** Where supergraphs come from: one to start with, and those that follow. */
export interface SupergraphSource {
  readonly first: string;
  /** What was served last, when the first one cannot be. Rejects with the reason when that is not kept. */
  instead(reason: unknown): Promise<string>;
  /** Calls back with what may be a new supergraph. Returns what stops it. */
  follow(onSupergraph: (sdl: string) => void): () => void;
  /** Called with what is being served; kept for a start while the registry is away. */
  served(sdl: string): void;
}

type SourceConfig = Pick<
  Config,
  'SUPERGRAPH' | 'SUPERGRAPH_URL' | 'SUPERGRAPH_TOKEN' | 'SUPERGRAPH_COPY' | 'SUPERGRAPH_WAIT_SECONDS' | 'SUPERGRAPH_PAUSE_MS'
>;

/** The registry when SUPERGRAPH_URL is set, else the file. Rejects when there is nothing to start with. */
export function openSupergraphSource(config: SourceConfig, logger: Logger, breakers: CircuitBreakers): Promise<SupergraphSource> {
  const { SUPERGRAPH_URL: url } = config;
  if (url === undefined) return openFile(config.SUPERGRAPH, logger);
  // The answer may be held back for long, and a failure is asked again with pauses: the circuit only watches.
  const ask = guardedFetch(breakers, { id: 'registry', timeoutMs: 'own', recoveryTimeoutMs: 1_000 });
  return openRegistry(config, { url, ask }, logger);
}

async function openFile(path: string, logger: Logger): Promise<SupergraphSource> {
  return {
    first: await readFile(path, 'utf8'),
    instead: (reason) => Promise.reject(reason),
    follow: (onSupergraph) => watchFile(path, onSupergraph, (error) => logger.error({ err: error }, 'the supergraph file cannot be read')),
    served: () => undefined,
  };
}

async function openRegistry(
  config: SourceConfig,
  { url, ask }: { readonly url: string; readonly ask: Fetch },
  logger: Logger,
): Promise<SupergraphSource> {
  const poll = new RegistryPoll({
    url,
    ask,
    token: config.SUPERGRAPH_TOKEN,
    waitSeconds: config.SUPERGRAPH_WAIT_SECONDS,
    pauseMs: config.SUPERGRAPH_PAUSE_MS,
    onError: (error) => logger.error({ err: error }, 'the registry cannot be asked: the old supergraph keeps serving'),
  });
  const copy = config.SUPERGRAPH_COPY;
  return {
    first: await poll.first().catch((error: unknown) => readCopy(copy, error, logger)),
    instead: (reason) => readCopy(copy, reason, logger),
    follow: (onSupergraph) => poll.follow(onSupergraph),
    served: (sdl) => {
      if (copy !== undefined)
        writeCopy(copy, sdl).catch((error) => logger.warn({ err: error }, 'the copy of the supergraph cannot be written'));
    },
  };
}

async function readCopy(copy: string | undefined, reason: unknown, logger: Logger): Promise<string> {
  if (copy === undefined) throw reason;
  const sdl = await readFile(copy, 'utf8').catch(() => {
    throw reason;
  });
  logger.error({ err: reason, copy }, 'no supergraph of the registry: started with the supergraph that was served last');
  return sdl;
}

/** Whole or not at all. */
async function writeCopy(copy: string, sdl: string): Promise<void> {
  const draft = `${copy}.${process.pid}.draft`;
  await writeFile(draft, sdl);
  await rename(draft, copy);
}
