import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, RequestError } from '@nats-io/transport-node';

/** Numbers of JetStream's API errors (https://github.com/nats-io/nats-server/blob/main/server/errors.json). */
const STREAM_NOT_FOUND = 10_059;
const WRONG_LAST_SEQUENCE = 10_071;

/** A request whose connection is lost is given up after this time, in milliseconds. */
const REQUEST_MS = 2_000;

/** A server is asked so often whether it is there; one that left two of these unanswered is gone, machine and all. */
const PING_MS = 5_000;

/** How a NATS server is reached, and how safely its streams are kept. */
export interface NatsBrokerOptions {
  /** `nats://host:port`, several with commas between. */
  readonly url: string;
  /** First part of every stream and subject. */
  readonly prefix: string;
  /** Copies of each stream in a cluster. */
  readonly replicas: number;
  /** Told when the connection is lost; it goes on trying. */
  readonly onError: (error: Error) => void;
}

/** An open connection and JetStream on it. */
export interface NatsSession {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** One connection to NATS, made when it is first needed, with the streams that are asked for. */
export class NatsBroker {
  readonly #options: NatsBrokerOptions;
  #session: Promise<NatsSession> | undefined;
  readonly #streams = new Map<string, Promise<void>>();
  /** Rises whenever the connection was lost, since deliveries may have been lost with it. */
  #outages = 0;

  constructor(options: NatsBrokerOptions) {
    this.#options = options;
  }

  get outages(): number {
    return this.#outages;
  }

  /** The connection. @throws what NATS says when there is no server; the next call tries again. */
  session(): Promise<NatsSession> {
    this.#session ??= this.#open().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  /** Runs work that needs a stream, making it first when it is new or has been lost. */
  async withStream<T>(stream: NatsStream, work: (session: NatsSession) => Promise<T>): Promise<T> {
    const session = await this.session();
    for (let isRepeated = false; ; isRepeated = true) {
      await this.#ensure(session, stream);
      try {
        return await work(session);
      } catch (error) {
        if (isRepeated || !isStreamLost(error)) throw error;
        this.#streams.delete(stream.name);
      }
    }
  }

  /** A subject below the prefix. */
  subject(...parts: readonly string[]): string {
    return [this.#options.prefix, ...parts.map(encode)].join('.');
  }

  /** The stream that keeps all subjects below these parts. */
  stream(parts: readonly string[], limits: Pick<NatsStream, 'maxMessages' | 'maxPerSubject'>): NatsStream {
    return { name: [this.#options.prefix, ...parts.map(encode)].join('-'), subjects: [`${this.subject(...parts)}.>`], ...limits };
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.connection.close();
  }

  async #open(): Promise<NatsSession> {
    const { url, onError } = this.#options;
    const connection = await connect({
      servers: url.split(','),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout: REQUEST_MS,
      pingInterval: PING_MS,
      maxPingOut: 2,
      ignoreClusterUpdates: true,
    });
    void this.#watch(connection, onError);
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: REQUEST_MS });
    return { connection, client: jetstream(connection, { timeout: REQUEST_MS }), manager };
  }

  async #watch(connection: NatsConnection, onError: (error: Error) => void): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'reconnect') this.#outages += 1;
      if (status.type === 'disconnect') onError(new Error(`the connection to NATS at ${status.server} was lost`));
      if (status.type === 'error') onError(status.error);
    }
  }

  #ensure({ manager }: NatsSession, stream: NatsStream): Promise<void> {
    const known = this.#streams.get(stream.name);
    if (known !== undefined) return known;
    const { name, subjects, maxMessages, maxPerSubject } = stream;
    const made = manager.streams
      .add({
        name,
        subjects: [...subjects],
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.Old,
        storage: StorageType.File,
        num_replicas: this.#options.replicas,
        max_msgs: maxMessages,
        max_msgs_per_subject: maxPerSubject,
      })
      .then(() => undefined);
    this.#streams.set(stream.name, made);
    made.catch(() => this.#streams.delete(stream.name));
    return made;
  }
}

/** A JetStream stream that is made when it is missing. */
export interface NatsStream {
  /** Without the characters that NATS keeps for itself. */
  readonly name: string;
  readonly subjects: readonly string[];
  /** -1 for no limit. */
  readonly maxMessages: number;
  readonly maxPerSubject: number;
}

/** What follows a position on one subject, for one reader: a consumer that ends when nobody has asked for half a minute. */
export function followSubject(subject: string, after: number) {
  return {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: after + 1,
    filter_subject: subject,
    inactive_threshold: 30_000_000_000,
    mem_storage: true,
    num_replicas: 1,
  };
}

/** Whether a message was refused since the stream, or its subject, does not end where the sender believed. */
export function isWrongSequence(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE;
}

function isStreamLost(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return error.code === STREAM_NOT_FOUND;
  // How the client puts that no stream listens to a message's subject.
  return error instanceof Error && error.cause instanceof RequestError && error.cause.isNoResponders();
}

/** NATS separates names with dots and keeps `*`, `>` and white space for itself. */
function encode(part: string): string {
  return encodeURIComponent(part).replaceAll('.', '%2E').replaceAll('*', '%2A');
}
