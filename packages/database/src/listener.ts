import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** What a listener hears. */
export interface ListenerOptions {
  readonly url: string;
  readonly applicationName: string;
  /** By channel; told the payload. */
  readonly channels: Readonly<Record<string, (payload: string) => void>>;
  /** Called whenever listening began (again): what was said before is lost. */
  readonly onListening: () => void;
  /** Called when it hears nothing any more, unless it was stopped. */
  readonly onLost?: () => void;
  readonly onTrouble: (error: unknown) => void;
}

const reconnectMs = 500;

/** Listens to Postgres channels on a connection of its own, again after every loss, until it is stopped. */
export class Listener {
  private readonly ending = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly options: ListenerOptions) {
    this.running = this.run();
  }

  /** Ends the connection by ending the wait for it: a client that is told to end while it connects may never say that it has. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        await this.listen(signal);
      } catch (error) {
        if (!signal.aborted) this.options.onTrouble(error);
      }
      await sleep(reconnectMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async listen(signal: AbortSignal): Promise<void> {
    const { url, applicationName, channels, onListening, onLost } = this.options;
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    const closed = once(client, 'end', { signal });
    closed.catch(() => undefined);
    client.on('error', () => undefined);
    client.on('notification', ({ channel, payload = '' }) => channels[channel]?.(payload));
    try {
      await client.connect();
      for (const channel of Object.keys(channels)) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      onListening();
      await closed.finally(() => {
        if (!signal.aborted) onLost?.();
      });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
