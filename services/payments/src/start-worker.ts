import { setTimeout as delay } from 'node:timers/promises';
import { CircuitBreakers, guardedFetch } from '@app/circuit-breaker';
import { openTransport, startRelay } from '@app/events';
import { buildParts, type Parts } from './app.ts';
import type { PaymentsConfig } from './config.ts';
import { deliverWebhooks } from './sandbox/deliver-webhooks.ts';
import { learnUnknown } from './service/get-outcome.ts';
import { processWebhooks } from './service/take-webhook.ts';

/** Something that runs until it is stopped. */
export interface Worker {
  stop(): Promise<void>;
}

const webhooksEveryMs = 500;
const unknownEveryMs = 15_000;

/**
 * Starts the worker: it relays the events of payments, lets webhooks take effect that a process left behind, asks for outcomes that nobody
 * learned, and is the sandbox's bank: it delivers the sandbox's webhooks.
 */
export function startWorker(config: PaymentsConfig): Worker {
  const parts = buildParts({ config });
  const { deps, sandbox, logger } = parts;
  const ending = new AbortController();
  const sendWebhooks = deliveryOf(config, parts);
  const loops = [
    every(webhooksEveryMs, () => processWebhooks(deps), parts, ending.signal),
    every(webhooksEveryMs, () => sandbox.confirmDue().then(sendWebhooks), parts, ending.signal),
    every(unknownEveryMs, () => learnUnknown(deps), parts, ending.signal),
  ];
  const transport = openTransport(config);
  const relay =
    transport &&
    startRelay({
      connection: { connectionString: config.DATABASE_URL_PAYMENTS, application_name: 'payments-relay' },
      source: 'payments',
      transport,
      observe: (signal) => {
        if (signal.kind === 'failed') logger.warn({ err: signal.error }, 'events could not be relayed');
      },
    });
  logger.info('the worker of payments is running');
  const stopAll = async () => {
    ending.abort();
    await Promise.all([...loops, relay?.stop()]);
    await transport?.close();
    await parts.close();
  };
  let stopping: Promise<void> | undefined;
  return {
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** How this worker delivers the sandbox's webhooks: over HTTP, as a provider would. */
export function deliveryOf(config: PaymentsConfig, { db, deps }: Parts): () => Promise<number> {
  const ask = guardedFetch(new CircuitBreakers(), { id: 'sandbox-webhooks', timeoutMs: 5_000, recoveryTimeoutMs: 1_000 });
  const post = async (url: string, body: string, headers: Readonly<Record<string, string>>) => {
    const response = await ask(url, { method: 'POST', body, headers, redirect: 'error' });
    await response.arrayBuffer();
    return response.status;
  };
  const url = `${config.PAYMENTS_URL.replace(/\/$/, '')}/webhooks/sandbox`;
  return () => deliverWebhooks({ db, url, secret: config.PAYMENTS_WEBHOOK_SECRET, now: deps.now, post });
}

async function every(intervalMs: number, work: () => Promise<unknown>, { logger }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await work().catch((error: unknown) => logger.error({ err: error }, 'a round of the worker failed'));
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
