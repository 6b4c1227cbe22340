import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Queries } from './database.ts';

const CHANNEL = 'registry_published';
/** Gateways that one process lets wait; each holds a connection. */
const MOST_WAITING = 5_000;
const RECONNECT_AFTER_MS = 1_000;

/** Tells every process of the service, once the transaction is committed, that a graph has a new version. */
export async function announce(db: Queries, graph: string): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [CHANNEL, graph]);
}

/** Options of {@link Publications}. */
export interface PublicationsOptions {
  readonly url: string;
  readonly onError: (error: Error) => void;
}

/**
 * Hears of new versions from whatever process published them (LISTEN). What was announced while the connection was away is made good by
 * waking everybody once it is back: who is woken looks for itself.
 */
export class Publications extends EventEmitter<{ waiting: [count: number] }> implements AsyncDisposable {
  private readonly options: PublicationsOptions;
  private readonly waiting = new Map<string, Set<() => void>>();
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private count = 0;

  constructor(options: PublicationsOptions) {
    super();
    this.options = options;
  }

  /** Begins to listen; goes on trying when the database is away. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: 'registry-listen',
      connectionTimeoutMillis: 3_000,
    });
    client.on('error', (error) => this.reconnect(client, error));
    client.on('end', () => this.reconnect(client));
    client.on('notification', ({ payload }) => this.wake(payload ?? ''));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      for (const graph of this.waiting.keys()) this.wake(graph);
    } catch (error) {
      this.reconnect(client, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Calls back once when the graph may have a new version, or when the service stops. Returns what ends the subscription. */
  onNext(graph: string, callback: () => void): () => void {
    const callbacks = this.waiting.get(graph) ?? new Set();
    this.waiting.set(graph, callbacks.add(callback));
    this.count += 1;
    this.emit('waiting', this.count);
    return () => {
      this.count -= 1;
      this.emit('waiting', this.count);
      callbacks.delete(callback);
      if (callbacks.size === 0 && this.waiting.get(graph) === callbacks) this.waiting.delete(graph);
    };
  }

  /** True when so many wait that further ones should come back later instead. */
  get isCrowded(): boolean {
    return this.count > MOST_WAITING;
  }

  /** True once nobody should wait any more. */
  get hasStopped(): boolean {
    return this.isStopped;
  }

  /** Everybody who waits is woken, so that connections can end. */
  release(): void {
    this.isStopped = true;
    for (const graph of this.waiting.keys()) this.wake(graph);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    clearTimeout(this.timer);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private wake(graph: string): void {
    const callbacks = this.waiting.get(graph);
    this.waiting.delete(graph);
    for (const callback of callbacks ?? []) callback();
  }

  private reconnect(client: pg.Client, error?: Error): void {
    if (client !== this.client || this.isStopped) return;
    this.client = undefined;
    if (error) this.options.onError(error);
    client.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.start(), RECONNECT_AFTER_MS);
  }
}
