import { createHash } from 'node:crypto';
import { type Denial, denialField, denialsStream, parseDenial } from '@app/auth';
import { isRefusedForGood } from '@app/database';
import type { Redis } from 'ioredis';
import type { Database } from './client.ts';

/** Entries taken from the stream at once. */
const BATCH = 500;
/** Longer names do not fit into the index. */
const MAX_SUBJECT = 256;

/**
 * Writes into the audit log what gateways denied, and takes it off their stream. Killed in between, the next call writes nothing twice: an
 * entry's id is made from its place in the stream. An entry that the database never takes is dropped: kept, it would hold up all others.
 */
export async function recordDenials(db: Database, redis: Redis, onDropped: (error: unknown, streamId: string) => void): Promise<void> {
  for (;;) {
    const entries = await redis.xrange(denialsStream, '-', '+', 'COUNT', BATCH);
    if (entries.length === 0) return;
    const known = entries.flatMap(([streamId, fields]) => {
      const denial = parseDenial(fieldOf(fields, denialField) ?? '');
      return denial === undefined ? [] : [{ streamId, denial }];
    });
    await record(db, known).catch(async (error) => {
      if (!isRefusedForGood(error)) throw error;
      for (const entry of known) await record(db, [entry]).catch((refusal) => drop(refusal, entry.streamId));
    });
    await redis.xdel(denialsStream, ...entries.map(([streamId]) => streamId));
  }

  function drop(error: unknown, streamId: string): void {
    if (!isRefusedForGood(error)) throw error;
    onDropped(error, streamId);
  }
}

interface Entry {
  readonly streamId: string;
  readonly denial: Denial;
}

async function record(db: Database, entries: readonly Entry[]): Promise<void> {
  await db.auditEntry.createMany({ data: entries.map(auditRow), skipDuplicates: true });
}

function auditRow({ streamId, denial: { at, actorId, operation, paths, times, requestId } }: Entry) {
  return {
    id: auditId(streamId, at),
    recordedAt: new Date(at),
    action: 'access.denied',
    actorId,
    subjectId: operation?.slice(0, MAX_SUBJECT) ?? 'unnamed operation',
    after: { paths: [...paths], times },
    requestId,
  };
}

/** A UUIDv7 (RFC 9562) whose random part is a hash of the place. */
function auditId(streamId: string, at: number): string {
  const time = at.toString(16).padStart(12, '0').slice(-12);
  const hash = createHash('sha256').update(streamId).digest('hex');
  return `aud_${time}7${hash.slice(0, 3)}8${hash.slice(3, 18)}`;
}

/** Fields of a stream entry are names and values in turn. */
function fieldOf(fields: readonly string[], name: string): string | undefined {
  const index = fields.indexOf(name);
  return index === -1 ? undefined : fields[index + 1];
}
