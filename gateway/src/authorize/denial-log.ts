import { type Denial, denialField, denialsStream, type Principal } from '@app/auth';
import type { Redis } from 'ioredis';

/** Somebody did not get what they asked for. */
export interface DeniedRequest {
  readonly requestId: string;
  readonly principal: Principal;
  readonly operationName: string | undefined;
  /** Places in the answer, as lists of response keys. */
  readonly paths: readonly (readonly string[])[];
}

/** Options of {@link createDenialLog}. */
export interface DenialLogOptions {
  readonly redis: Pick<Redis, 'pipeline'>;
  /** Different denials kept until they are written; more are only counted. */
  readonly maxPending: number;
  /** How often what is pending is written, in milliseconds. */
  readonly intervalMs: number;
  /** Told how many denials found no room. */
  readonly onShed: (count: number) => void;
  readonly now: () => number;
}

/** Takes denials on their way to the audit log. */
export interface DenialLog extends AsyncDisposable {
  /** Never waits and never fails. */
  record(denied: DeniedRequest): void;
}

const MAX_PATHS = 10;
/** Of an operation's name and of a path: what is longer says nothing more about what was asked for. */
const MAX_TEXT = 256;
const MAX_STREAM_LENGTH = 100_000;

/**
 * Hands denials to accounts over a Redis stream, without holding up a request. The same denial for the same person within an interval is one
 * entry with a count, and the stream is bounded: who asks for forbidden things as fast as they can fills neither memory nor the audit log.
 * While Redis is away denials wait here.
 */
export function createDenialLog({ redis, maxPending, intervalMs, onShed, now }: DenialLogOptions): DenialLog {
  const pending = new Map<string, Denial>();

  async function flush(): Promise<void> {
    const batch = [...pending];
    if (batch.length === 0) return;
    pending.clear();
    try {
      const commands = redis.pipeline();
      for (const [, denial] of batch)
        commands.xadd(denialsStream, 'MAXLEN', '~', MAX_STREAM_LENGTH, '*', denialField, JSON.stringify(denial));
      const results = (await commands.exec()) ?? [];
      keep(batch.filter((_, index) => results[index]?.[0] !== null));
    } catch {
      keep(batch);
    }
  }

  /** What could not be written waits for the next time, together with what came meanwhile. */
  function keep(batch: readonly (readonly [string, Denial])[]): void {
    for (const [key, denial] of batch) add(key, denial);
  }

  function add(key: string, denial: Denial): void {
    const known = pending.get(key);
    if (known !== undefined) pending.set(key, { ...known, times: known.times + denial.times });
    else if (pending.size < maxPending) pending.set(key, denial);
    else onShed(denial.times);
  }

  const timer = setInterval(() => void flush(), intervalMs).unref();
  return {
    record: ({ requestId, principal, operationName, paths }) => {
      const actorId = principal.kind === 'anonymous' ? null : principal.id;
      const places = paths.slice(0, MAX_PATHS).map((path) => path.join('.').slice(0, MAX_TEXT));
      const operation = operationName?.slice(0, MAX_TEXT) ?? null;
      const denial = { at: now(), actorId, operation, paths: places, times: 1, requestId };
      add(JSON.stringify([actorId, operation, places]), denial);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
