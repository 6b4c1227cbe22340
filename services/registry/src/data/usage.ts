import type pg from 'pg';
import type { ClientKey, FieldTally, OperationTally, UsageTally } from '../domain/usage-tally.ts';
import { inTransaction, type Queries } from './database.ts';
import { signatureHash } from './operations.ts';

/** Kind of the requests whose operation was one too many. */
const NOT_KEPT = 'TooManyOperations';

/** Clients that were counted by themselves on a day. */
export async function clientsOn(db: Queries, graph: string, day: Date): Promise<ClientKey[]> {
  const { rows } = await db.query<ClientKey>(
    `SELECT u.client_name AS "clientName", u.client_version AS "clientVersion" FROM operation_usage u JOIN operation o ON o.id = u.operation_id
      WHERE o.graph = $1 AND u.day = $2::timestamptz::date
     UNION SELECT client_name, client_version FROM refused_usage WHERE graph = $1 AND day = $2::timestamptz::date`,
    [graph, day],
  );
  return rows;
}

/** How many requests were counted whose operation was not kept. @param from the first moment; all when absent. */
export async function requestsNotKept(db: Queries, graph: string, from: Date | undefined): Promise<number> {
  const { rows } = await db.query<{ requests: string | null }>(
    'SELECT sum(requests) AS requests FROM refused_usage WHERE graph = $1 AND kind = $2 AND day >= $3::timestamptz::date',
    [graph, NOT_KEPT, from ?? new Date(0)],
  );
  return Number(rows[0]?.requests ?? 0);
}

/** Where and when a report belongs. */
export interface UsageContext {
  readonly graph: string;
  /** When the requests took place, about. */
  readonly at: Date;
  /** Operations beyond this many are counted, but not kept. */
  readonly maxOperations: number;
  /** SHA-256 of the report, when no other report can have the same bytes; then it is counted once, however often it is sent. */
  readonly hash: Buffer | undefined;
}

/** Adds the counts of a report to those of its day, all or none of them. Rows are written in one order, so that reports do not block each other. */
export async function recordUsage(pool: pg.Pool, tally: UsageTally, context: UsageContext): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await isFirst(client, context))) return;
    const ids = await operationIds(client, tally.operations, context);
    const kept: [string, OperationTally][] = [];
    for (const operation of tally.operations) {
      const id = ids.get(keyOf(operation));
      if (id === undefined) tally.refuse(NOT_KEPT, operation, operation.requests);
      else kept.push([id, operation]);
    }
    await addOperations(client, kept, context);
    await addLatency(client, kept, context);
    await addFields(client, tally.fields, context);
    await addRefused(client, tally, context);
  });
}

async function isFirst(db: Queries, { graph, hash }: UsageContext): Promise<boolean> {
  if (hash === undefined) return true;
  const { rowCount } = await db.query('INSERT INTO counted_report (graph, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING', [graph, hash]);
  return rowCount === 1;
}

const keyOf = ({ name, signature }: Pick<OperationTally, 'name' | 'signature'>): string => `${signatureHash(signature)} ${name}`;

/** Ids by key; new operations only as long as there is room. */
async function operationIds(
  db: Queries,
  operations: readonly OperationTally[],
  { graph, at, maxOperations }: UsageContext,
): Promise<Map<string, string>> {
  const distinct = [...new Map(operations.map((operation) => [keyOf(operation), operation])).entries()].sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const { rows: counts } = await db.query<{ count: string }>('SELECT count(*) FROM operation WHERE graph = $1', [graph]);
  const room = maxOperations - Number(counts[0]?.count ?? 0);
  const values = [
    graph,
    distinct.map(([, { name }]) => name),
    distinct.map(([, { signature }]) => signatureHash(signature)),
    distinct.map(([, { signature }]) => signature),
    at,
    Math.max(room, 0),
  ];
  const { rows } = await db.query<{ id: string; key: string }>(
    `WITH given AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS g (name, hash, signature, position)),
          fresh AS (SELECT * FROM given WHERE NOT EXISTS
                     (SELECT FROM operation o WHERE o.graph = $1 AND o.signature_hash = given.hash AND o.name = given.name)
                    ORDER BY position LIMIT $6),
          wanted AS (SELECT * FROM fresh UNION
                     SELECT given.* FROM given JOIN operation o ON o.graph = $1 AND o.signature_hash = given.hash AND o.name = given.name)
     INSERT INTO operation AS o (graph, name, signature_hash, signature, first_seen_at, last_seen_at)
     SELECT $1, name, hash, signature, $5, $5 FROM wanted ORDER BY position
     ON CONFLICT (graph, signature_hash, name) DO UPDATE
       SET first_seen_at = least(o.first_seen_at, excluded.first_seen_at), last_seen_at = greatest(o.last_seen_at, excluded.last_seen_at)
     RETURNING id, signature_hash || ' ' || name AS key`,
    values,
  );
  return new Map(rows.map(({ id, key }) => [key, id]));
}

async function addOperations(db: Queries, kept: readonly [string, OperationTally][], { at }: UsageContext): Promise<void> {
  await db.query(
    `INSERT INTO operation_usage AS u (operation_id, client_name, client_version, day, requests, errors, last_seen_at)
     SELECT id, name, version, $6::timestamptz::date, requests, errors, $6
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS g (id, name, version, requests, errors) ORDER BY 1, 2, 3
     ON CONFLICT (operation_id, client_name, client_version, day) DO UPDATE
       SET requests = u.requests + excluded.requests, errors = u.errors + excluded.errors,
           last_seen_at = greatest(u.last_seen_at, excluded.last_seen_at)`,
    [
      kept.map(([id]) => id),
      kept.map(([, { clientName }]) => clientName),
      kept.map(([, { clientVersion }]) => clientVersion),
      kept.map(([, { requests }]) => requests),
      kept.map(([, { errors }]) => errors),
      at,
    ],
  );
}

async function addLatency(db: Queries, kept: readonly [string, OperationTally][], { at }: UsageContext): Promise<void> {
  const rows = kept.flatMap(([id, { latency }]) => [...latency].map(([bucket, requests]) => ({ id, bucket, requests })));
  await db.query(
    `INSERT INTO operation_latency AS l (operation_id, day, bucket, requests)
     SELECT id, $4::timestamptz::date, bucket, sum(requests) FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) AS g (id, bucket, requests)
      GROUP BY id, bucket ORDER BY id, bucket
     ON CONFLICT (operation_id, day, bucket) DO UPDATE SET requests = l.requests + excluded.requests`,
    [rows.map(({ id }) => id), rows.map(({ bucket }) => bucket), rows.map(({ requests }) => requests), at],
  );
}

async function addFields(db: Queries, fields: readonly FieldTally[], { graph, at }: UsageContext): Promise<void> {
  await db.query(
    `INSERT INTO field_usage AS f (graph, coordinate, client_name, day, requests, executions, errors)
     SELECT $1, coordinate, client, $7::timestamptz::date, requests, executions, errors
       FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS g (coordinate, client, requests, executions, errors) ORDER BY 2, 3
     ON CONFLICT (graph, coordinate, client_name, day) DO UPDATE
       SET requests = f.requests + excluded.requests, executions = f.executions + excluded.executions, errors = f.errors + excluded.errors`,
    [
      graph,
      fields.map(({ coordinate }) => coordinate),
      fields.map(({ clientName }) => clientName),
      fields.map(({ requests }) => requests),
      fields.map(({ executions }) => executions),
      fields.map(({ errors }) => errors),
      at,
    ],
  );
}

async function addRefused(db: Queries, { refused }: UsageTally, { graph, at }: UsageContext): Promise<void> {
  await db.query(
    `INSERT INTO refused_usage AS r (graph, kind, client_name, client_version, day, requests)
     SELECT $1, kind, name, version, $6::timestamptz::date, requests
       FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS g (kind, name, version, requests) ORDER BY 2, 3, 4
     ON CONFLICT (graph, kind, client_name, client_version, day) DO UPDATE SET requests = r.requests + excluded.requests`,
    [
      graph,
      refused.map(({ kind }) => kind),
      refused.map(({ clientName }) => clientName),
      refused.map(({ clientVersion }) => clientVersion),
      refused.map(({ requests }) => requests),
      at,
    ],
  );
}

/** Reporters give up long before. */
const RESENT_WITHIN = '1 day';

/** Forgets usage and checks that are older, and operations that nobody registered and nobody sends any more. */
export async function forgetUsage(db: Queries, before: Date): Promise<void> {
  for (const table of ['operation_usage', 'operation_latency', 'field_usage', 'refused_usage'])
    await db.query(`DELETE FROM ${table} WHERE day < $1::timestamptz::date`, [before]);
  await db.query('DELETE FROM counted_report WHERE counted_at < now() - $1::interval', [RESENT_WITHIN]);
  await db.query('DELETE FROM schema_check WHERE at < $1', [before]);
  await db.query(
    'DELETE FROM operation o WHERE last_seen_at < $1 AND NOT EXISTS (SELECT FROM registered_document d WHERE d.operation_id = o.id)',
    [before],
  );
}
