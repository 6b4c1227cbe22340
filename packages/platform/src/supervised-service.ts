import { setTimeout as delay } from 'node:timers/promises';

/** A started server program. */
export interface Service {
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}

/** A server program that is started again when it dies. */
export interface SupervisedService<Started extends Service> {
  /** The one that was started first; its address stays the same over restarts. */
  readonly first: Started;
  stop(): Promise<void>;
}

const BACKOFF_MS = 500;

/**
 * Starts a service and starts it again, after half a second, whenever it dies by itself.
 *
 * @throws what `start` throws the first time; later failures go to `onEvent` and are tried again.
 */
export async function keepService<Started extends Service>(
  start: () => Promise<Started>,
  onEvent: (text: string) => void,
): Promise<SupervisedService<Started>> {
  const first = await start();
  const stopping = new AbortController();
  let current: Service = first;
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const code = await current.exited;
      if (stopping.signal.aborted) return;
      onEvent(`died (exit code ${code}); starting it again`);
      await delay(BACKOFF_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      current = await start().catch((error: unknown) => {
        onEvent(error instanceof Error ? error.message : String(error));
        return { exited: Promise.resolve(1), stop: () => Promise.resolve() };
      });
    }
  })();
  return {
    first,
    async stop() {
      stopping.abort();
      await current.stop();
      await running;
      // A restart under way while the stop was asked for has put a new one in place.
      await current.stop();
    },
  };
}
