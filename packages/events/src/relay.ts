import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endingInSilence } from '@app/database/silence';
import { Client, type ClientConfig } from 'pg';
import { toEnvelope } from './envelope.ts';
import { EventError } from './event-error.ts';
import { EVENT_CHANNEL } from './publish.ts';
import { lastPosition, moveCursor, readAfter, readCursor, sequence } from './sequencer.ts';
import type { EventTransport } from './transport/transport.ts';

/** Advisory lock that the one working relay of a database holds for as long as its connection lives. */
const RELAY_LOCK = 7_263_001;

/** What a relay tells whoever observes it. */
export type RelaySignal =
  | { readonly kind: 'leading' }
  | { readonly kind: 'relayed'; readonly count: number; readonly position: number }
  /** The transport's log ended elsewhere than remembered: it lost entries, or a push was not recorded. */
  | { readonly kind: 'rewound'; readonly from: number; readonly to: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Options of {@link startRelay}. */
export interface RelayOptions {
  /** Connection to the subgraph's database. It must reach Postgres itself, since it holds a session lock. */
  readonly connection: ClientConfig;
  /** Name of the subgraph: the events' `source`. */
  readonly source: string;
  readonly transport: EventTransport;
  /** Events per push. */
  readonly batchSize?: number;
  /** Longest time an event waits when its notification is lost, in milliseconds. Default 1000. */
  readonly pollMs?: number;
  /** A relay that its database did not hear of for so long works no more, nor does one that hears nothing of its database, in milliseconds. Default 10,000. */
  readonly leaseMs?: number;
  readonly observe?: (signal: RelaySignal) => void;
}

/** Something that runs until it is stopped. `stop` is idempotent and resolves when all work has ended. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * Pushes the committed events of one database to the transport, in order, each at least once and in practice once:
 * the transport refuses a batch that does not follow its last position. Any number of relays may run; one works.
 */
export function startRelay(options: RelayOptions): Running {
  const ending = new AbortController();
  const done = keepRelaying(options, ending.signal);
  return {
    async stop() {
      ending.abort();
      await done;
    },
  };
}

async function keepRelaying(options: RelayOptions, signal: AbortSignal): Promise<void> {
  const { pollMs = 1_000, observe } = options;
  while (!signal.aborted) {
    try {
      await relaySession(options, signal);
    } catch (error) {
      if (!signal.aborted) observe?.({ kind: 'failed', error });
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One connection's life: become the leader, then relay until the connection or the transport fails. */
async function relaySession(options: RelayOptions, signal: AbortSignal): Promise<void> {
  const { leaseMs = 10_000 } = options;
  const client = new Client({ ...options.connection, stream: endingInSilence(leaseMs) });
  const broken = new AbortController();
  client.on('error', (error) => broken.abort(error));
  try {
    await client.connect();
    // A machine that is gone does not say so: Postgres would keep its lock for as long as the kernel keeps the connection.
    await client.query(`SET idle_session_timeout = ${leaseMs}`);
    const { rows } = await client.query<{ isLeader: boolean }>('SELECT pg_try_advisory_lock($1) AS "isLeader"', [RELAY_LOCK]);
    if (rows[0]?.isLeader !== true) return;
    options.observe?.({ kind: 'leading' });
    await client.query(`LISTEN ${EVENT_CHANNEL}`);
    // Before anything gets a position: a database that was set back would soon have as many events as the log, and other ones.
    await checkNotAhead(client, options.source, await options.transport.append(options.source, 0, []));
    while (!signal.aborted && !broken.signal.aborted) {
      const isIdle = !(await relayOnce(client, options));
      if (isIdle) await wakeUp(client, options.pollMs ?? 1_000, AbortSignal.any([signal, broken.signal]));
    }
    if (broken.signal.aborted) throw broken.signal.reason;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Numbers and pushes one batch; answers whether there was anything to do. */
async function relayOnce(client: Client, options: RelayOptions): Promise<boolean> {
  const { source, transport, batchSize = 500, observe } = options;
  const sequenced = await sequence(client, batchSize);
  const cursor = await readCursor(client, source);
  const rows = await readAfter(client, cursor, batchSize);
  const end = await transport.append(
    source,
    cursor,
    rows.map((row) => toEnvelope(row, source)),
  );
  const pushedTo = Number(rows.at(-1)?.position ?? cursor);
  if (end > pushedTo) await checkNotAhead(client, source, end);
  if (end !== cursor) await moveCursor(client, source, end);
  if (end !== pushedTo) {
    observe?.({ kind: 'rewound', from: cursor, to: end });
    return true;
  }
  if (rows.length > 0) observe?.({ kind: 'relayed', count: rows.length, position: end });
  return sequenced > 0 || rows.length > 0;
}

/**
 * A log that goes on where the database has nothing yet is the log of another past: following it would skip events.
 * @throws EventError EVENT_LOG_AHEAD
 */
async function checkNotAhead(client: Client, source: string, end: number): Promise<void> {
  const last = await lastPosition(client);
  if (end <= last) return;
  const message = `the log of "${source}" ends at ${end}, its database at ${last}: one of them is of another past (a restored backup?)`;
  throw new EventError('EVENT_LOG_AHEAD', `${message}; empty the log, and it is filled again from the database`);
}

async function wakeUp(client: Client, pollMs: number, signal: AbortSignal): Promise<void> {
  // Ends at a notification, after the poll interval, or when stopping: in each case there is another look.
  await once(client, 'notification', { signal: AbortSignal.any([signal, AbortSignal.timeout(pollMs)]) }).catch(() => undefined);
}
