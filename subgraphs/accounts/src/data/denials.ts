import { createHash } from 'node:crypto';
import { type Denial, denialField, denialsStream, parseDenial } from '@app/auth';
import type { Redis } from 'ioredis';
import type { Database } from './client.ts';

/** Entries taken from the stream at once. */
const BATCH = 500;

/**
 * Writes into the audit log what gateways denied, and takes it off their stream. Killed in between, the next call writes nothing twice: an
 * entry's id is made from its place in the stream.
 */
export async function recordDenials(db: Database, redis: Redis): Promise<void> {
  for (;;) {
    const entries = await redis.xrange(denialsStream, '-', '+', 'COUNT', BATCH);
    if (entries.length === 0) return;
    const known = entries.flatMap(([streamId, fields]) => {
      const denial = parseDenial(fieldOf(fields, denialField) ?? '');
      return denial === undefined ? [] : [auditRow(streamId, denial)];
    });
    await db.auditEntry.createMany({ data: known, skipDuplicates: true });
    await redis.xdel(denialsStream, ...entries.map(([streamId]) => streamId));
  }
}

function auditRow(streamId: string, { at, actorId, operation, paths, times, requestId }: Denial) {
  return {
    id: auditId(streamId, at),
    recordedAt: new Date(at),
    action: 'access.denied',
    actorId,
    subjectId: operation ?? 'unnamed operation',
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
