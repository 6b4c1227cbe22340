import type { Queries } from './database.ts';

/** Usage is shown for this many days. */
export const SHOWN_DAYS = 30;
const since = `(now() - interval '${SHOWN_DAYS} days')::date`;

/** A graph in the list of graphs. */
export interface GraphRow {
  readonly ref: string;
  readonly versions: string;
  readonly publishedAt: Date | null;
}

/** All graphs by name. */
export async function listGraphs(db: Queries): Promise<GraphRow[]> {
  const { rows } = await db.query<GraphRow>(
    `SELECT ref, count(v.number) AS versions, max(v.published_at) AS "publishedAt" FROM graph LEFT JOIN version v ON v.graph = ref GROUP BY ref ORDER BY ref`,
  );
  return rows;
}

/** An operation in the list of operations. */
export interface OperationRow {
  readonly id: string;
  readonly name: string;
  readonly requests: string;
  readonly errors: string;
  readonly clients: string;
  readonly isRegistered: boolean;
  readonly lastSeenAt: Date | null;
  readonly latency: readonly (readonly [bucket: number, requests: number])[] | null;
}

const latencyOf = `(SELECT json_agg(json_build_array(bucket, requests)) FROM
    (SELECT bucket, sum(requests) AS requests FROM operation_latency WHERE operation_id = o.id AND day >= ${since} GROUP BY 1) AS l) AS latency`;

/** The operations of a graph, the most used first; those whose name has `search` in it. */
export async function listOperations(
  db: Queries,
  graph: string,
  { search, limit }: { search: string; limit: number },
): Promise<OperationRow[]> {
  const { rows } = await db.query<OperationRow>(
    `SELECT o.id, o.name, coalesce(u.requests, 0) AS requests, coalesce(u.errors, 0) AS errors, coalesce(u.clients, 0) AS clients, o.last_seen_at AS "lastSeenAt",
            EXISTS (SELECT FROM registered_document d WHERE d.operation_id = o.id) AS "isRegistered", ${latencyOf}
       FROM operation o LEFT JOIN LATERAL
            (SELECT sum(requests) AS requests, sum(errors) AS errors, count(DISTINCT (client_name, client_version)) AS clients
               FROM operation_usage WHERE operation_id = o.id AND day >= ${since}) AS u ON true
      WHERE o.graph = $1 AND position(lower($2) IN lower(o.name)) > 0 ORDER BY 3 DESC, o.name, o.id LIMIT $3`,
    [graph, search, limit],
  );
  return rows;
}

/** How many operations a graph has. */
export async function countOperations(db: Queries, graph: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM operation WHERE graph = $1', [graph]);
  return rows[0]?.count ?? 0;
}

/** One operation with all that is known about it. */
export interface OperationDetail extends Omit<OperationRow, 'clients'> {
  readonly signature: string;
  readonly firstSeenAt: Date | null;
  readonly documents: readonly { readonly hash: string; readonly document: string; readonly clients: readonly string[] }[] | null;
  readonly clients:
    | readonly {
        readonly name: string;
        readonly version: string;
        readonly requests: number;
        readonly errors: number;
        readonly lastSeenAt: string;
      }[]
    | null;
  readonly days: readonly { readonly day: string; readonly requests: number }[];
}

/** An operation of a graph; undefined when there is none of that id. */
export async function findOperation(db: Queries, graph: string, id: string): Promise<OperationDetail | undefined> {
  const { rows } = await db.query<OperationDetail>(
    `SELECT o.id, o.name, o.signature, o.first_seen_at AS "firstSeenAt", o.last_seen_at AS "lastSeenAt", ${latencyOf},
       coalesce((SELECT sum(requests) FROM operation_usage WHERE operation_id = o.id AND day >= ${since}), 0) AS requests,
       coalesce((SELECT sum(errors) FROM operation_usage WHERE operation_id = o.id AND day >= ${since}), 0) AS errors,
       EXISTS (SELECT FROM registered_document d WHERE d.operation_id = o.id) AS "isRegistered",
       (SELECT json_agg(json_build_object('hash', hash, 'document', document, 'clients', clients)) FROM registered_document WHERE operation_id = o.id) AS documents,
       (SELECT json_agg(c ORDER BY c.requests DESC) FROM (SELECT client_name AS name, client_version AS version, sum(requests) AS requests, sum(errors) AS errors,
               max(last_seen_at) AS "lastSeenAt" FROM operation_usage WHERE operation_id = o.id AND day >= ${since} GROUP BY 1, 2) AS c) AS clients,
       (SELECT json_agg(json_build_object('day', to_char(d.day, 'YYYY-MM-DD'), 'requests', coalesce(u.requests, 0)) ORDER BY d.day)
          FROM generate_series(${since}, now()::date, '1 day') AS d (day)
          LEFT JOIN (SELECT day, sum(requests) AS requests FROM operation_usage WHERE operation_id = o.id GROUP BY 1) AS u ON u.day = d.day) AS days
     FROM operation o WHERE o.graph = $1 AND o.id = $2`,
    [graph, id],
  );
  return rows[0];
}

/** A client in the list of clients. */
export interface ClientRow {
  readonly name: string;
  readonly version: string;
  readonly requests: string;
  readonly errors: string;
  readonly operations: string;
  readonly lastSeenAt: Date;
}

/** The clients of a graph, by name, the most used version first. */
export async function listClients(db: Queries, graph: string): Promise<ClientRow[]> {
  const { rows } = await db.query<ClientRow>(
    `SELECT client_name AS name, client_version AS version, sum(requests) AS requests, sum(errors) AS errors, count(DISTINCT operation_id) AS operations,
            max(u.last_seen_at) AS "lastSeenAt"
       FROM operation_usage u JOIN operation o ON o.id = u.operation_id WHERE o.graph = $1 AND u.day >= ${since} GROUP BY 1, 2 ORDER BY 1, 3 DESC LIMIT 1000`,
    [graph],
  );
  return rows;
}

/** Requests that were no operation of the schema, by kind and client. */
export async function listRefused(
  db: Queries,
  graph: string,
): Promise<{ kind: string; name: string; version: string; requests: string }[]> {
  const { rows } = await db.query(
    `SELECT kind, client_name AS name, client_version AS version, sum(requests) AS requests FROM refused_usage
      WHERE graph = $1 AND day >= ${since} GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 200`,
    [graph],
  );
  return rows;
}

/** How a field was used. */
export interface FieldUsage {
  readonly requests: number;
  readonly errors: number;
  readonly clients: readonly string[];
}

/** Usage of the fields of a type, by coordinate. */
export async function fieldUsage(db: Queries, graph: string, type: string): Promise<Map<string, FieldUsage>> {
  const { rows } = await db.query<FieldUsage & { coordinate: string }>(
    `SELECT coordinate, sum(requests)::float8 AS requests, sum(errors)::float8 AS errors, array_agg(DISTINCT client_name ORDER BY client_name) AS clients
       FROM field_usage WHERE graph = $1 AND starts_with(coordinate, $2) AND day >= ${since} GROUP BY 1`,
    [graph, `${type}.`],
  );
  return new Map(rows.map(({ coordinate, ...usage }) => [coordinate, usage]));
}
