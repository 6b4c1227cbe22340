import { InternalSigner } from '@app/auth';
import type { CircuitBreakers } from '@app/circuit-breaker';
import type { Logger } from '@app/observability';
import { Agent } from 'undici';
import type { Caches } from './cache/create-caches.ts';
import type { Config } from './config.ts';
import { compiledExecutors } from './execute/compiled-executor.ts';
import { sharingExecutors } from './execute/sharing-executor.ts';
import type { SharedPlans } from './plan/shared-plans.ts';
import { createReferenceExecutor } from './reference/reference-executor.ts';
import type { ExecutorFactory } from './schema/executor.ts';

/** Connections to one subgraph. */
const CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 1_000;

/** The executor that configuration asks for; `close` ends what all its generations share. */
export interface Executors {
  readonly create: ExecutorFactory;
  close(): Promise<void>;
}

/** What all versions of the supergraph share. */
interface SharedParts extends Pick<Caches, 'inFrontOf'> {
  /** Undefined: this process plans for itself. */
  readonly plans: SharedPlans | undefined;
  readonly breakers: CircuitBreakers;
}

/** Chooses between our executor and the reference. */
export function createExecutors(config: Config, logger: Logger, shared: SharedParts): Executors {
  const signers = new Map([...config.internalKeys].map(([name, key]) => [name, new InternalSigner(name, key, 'gateway')]));
  switch (config.EXECUTOR) {
    case 'compiled':
      return { create: compiledFactory(config, signers, shared), close: () => Promise.resolve() };
    case 'stock':
      return stockExecutors(config, logger, { signers, breakers: shared.breakers });
  }
}

function compiledFactory(config: Config, signers: ReadonlyMap<string, InternalSigner>, shared: SharedParts): ExecutorFactory {
  // Several processes know of each other's writes by what caches know, and without Redis caches know of none.
  const sharesInFlight = config.SHARE_IN_FLIGHT && (config.WORKERS === 1 || config.REDIS_URL !== undefined);
  const needsMoment = config.ENTITY_CACHE || config.RESPONSE_CACHE || config.WORKERS !== 1;
  const executors = compiledExecutors({
    signers,
    cache: shared.inFrontOf,
    labelShares: config.labelShares,
    planning: { deadlineMs: config.PLAN_TIMEOUT_MS, cacheBytes: config.PLAN_CACHE_BYTES, shared: shared.plans },
    fetching: {
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      deadlineMs: config.FETCH_TIMEOUT_MS,
      maxAnswerBytes: config.MAX_ANSWER_BYTES,
      connections: CONNECTIONS,
      shareInFlight: sharesInFlight,
      needsMoment,
      breakers: shared.breakers,
      hedgeAfterMs: config.HEDGE_AFTER_MS,
    },
  });
  return sharesInFlight ? sharingExecutors(executors, { needsMoment }) : executors;
}

interface StockParts {
  readonly signers: ReadonlyMap<string, InternalSigner>;
  readonly breakers: CircuitBreakers;
}

function stockExecutors(config: Config, logger: Logger, { signers, breakers }: StockParts): Executors {
  const timeouts = { headersTimeout: config.FETCH_TIMEOUT_MS, bodyTimeout: config.FETCH_TIMEOUT_MS };
  const dispatcher = new Agent({ connections: CONNECTIONS, connect: { timeout: CONNECT_TIMEOUT_MS }, ...timeouts });
  const connect = ({ name, url }: { name: string; url: string }) => ({
    name,
    url: config.subgraphUrls.get(name) ?? url,
    dispatcher,
    breakers,
    signer: signers.get(name),
    timeoutMs: config.FETCH_TIMEOUT_MS,
    maxAnswerBytes: config.MAX_ANSWER_BYTES,
  });
  return { create: (supergraph) => createReferenceExecutor(supergraph.sdl, { logger, connect }), close: () => dispatcher.close() };
}
