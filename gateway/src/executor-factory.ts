import { InternalSigner } from '@app/auth';
import type { Logger } from '@app/observability';
import { Agent } from 'undici';
import type { Config } from './config.ts';
import { createReferenceExecutor } from './reference/reference-executor.ts';
import type { ExecutorFactory } from './schema/executor.ts';

/** Connections to one subgraph. */
const CONNECTIONS = 64;

/** The executor that configuration asks for, with one connection pool per process. `close` ends the pool. */
export function createExecutorFactory(config: Config, logger: Logger): { create: ExecutorFactory; close: () => Promise<void> } {
  const dispatcher = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: 1_000 },
    headersTimeout: config.FETCH_TIMEOUT_MS,
    bodyTimeout: config.FETCH_TIMEOUT_MS,
  });
  const signers = new Map([...config.internalKeys].map(([name, key]) => [name, new InternalSigner(name, key, 'gateway')]));
  const connect = ({ name, url }: { name: string; url: string }) => ({
    name,
    url,
    dispatcher,
    signer: signers.get(name),
    timeoutMs: config.FETCH_TIMEOUT_MS,
    maxAnswerBytes: config.MAX_ANSWER_BYTES,
  });
  return {
    create: (supergraph) => createReferenceExecutor(supergraph.sdl, { logger, connect }),
    close: () => dispatcher.close(),
  };
}
