import { createHash } from 'node:crypto';
import { usageReportingSignature } from '@apollo/utils.usagereporting';
import { isExcluded, type RegisteredOperation, type UsageFilter, windowStart } from '@app/schema-registry';
import { parse } from 'graphql';
import type { Queries } from './database.ts';

/** An operation by what stays the same however a client writes it. */
export interface OperationKey {
  readonly name: string;
  readonly signature: string;
}

interface OperationRow {
  readonly name: string;
  readonly signature: string;
  readonly signatureHash: string;
  readonly lastSeenAt: Date | null;
  readonly documents: readonly { readonly hash: string; readonly document: string; readonly clients: readonly string[] }[] | null;
  /** Clients that ever reported it, as long as usage is kept. */
  readonly reporters: readonly string[] | null;
  readonly usage: readonly { readonly client: string; readonly requests: number; readonly lastSeenAt: string }[] | null;
}

/** Id of an operation, made when it is new. */
export async function operationId(db: Queries, graph: string, { name, signature }: OperationKey): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO operation (graph, name, signature_hash, signature) VALUES ($1, $2, $3, $4)
     ON CONFLICT (graph, signature_hash, name) DO UPDATE SET name = excluded.name RETURNING id`,
    [graph, name, signatureHash(signature), signature],
  );
  return rows[0]?.id ?? '';
}

/** Registers documents; one that is known gets the clients of both. Returns how many are new. */
export async function registerDocuments(db: Queries, graph: string, operations: readonly RegisteredOperation[]): Promise<number> {
  let added = 0;
  for (const { name, document, hash, clients } of operations) {
    const id = await operationId(db, graph, { name, signature: usageReportingSignature(parse(document), name) });
    const { rows } = await db.query<{ isNew: boolean }>(
      `INSERT INTO registered_document AS known (operation_id, hash, document, clients) VALUES ($1, $2, $3, $4)
       ON CONFLICT (operation_id, hash) DO UPDATE
         SET clients = (SELECT array_agg(DISTINCT client ORDER BY client) FROM unnest(known.clients || excluded.clients) AS client)
       RETURNING xmax = 0 AS "isNew"`,
      [id, hash, document, clients],
    );
    if (rows[0]?.isNew) added += 1;
  }
  return added;
}

/**
 * The operations of a graph by name, with what was reported within the window. A registered document stands for its operation; one that was
 * only reported is there as its signature. Clients of a reported operation are those that reported it; reports of excluded clients tell nothing
 * about the others, so that an operation which only those report counts as never reported.
 */
export async function readOperations(db: Queries, graph: string, filter: UsageFilter, today: Date): Promise<RegisteredOperation[]> {
  const { rows } = await db.query<OperationRow>(
    `SELECT o.name, o.signature, o.signature_hash AS "signatureHash", o.last_seen_at AS "lastSeenAt",
       (SELECT json_agg(json_build_object('hash', hash, 'document', document, 'clients', clients) ORDER BY hash)
          FROM registered_document WHERE operation_id = o.id) AS documents,
       (SELECT array_agg(DISTINCT client_name || '@' || client_version) FROM operation_usage WHERE operation_id = o.id) AS reporters,
       (SELECT json_agg(json_build_object('client', client, 'requests', requests, 'lastSeenAt', last_seen_at) ORDER BY client)
          FROM (SELECT client_name || '@' || client_version AS client, sum(requests) AS requests, max(last_seen_at) AS last_seen_at
                  FROM operation_usage WHERE operation_id = o.id AND day >= $2::timestamptz::date GROUP BY 1) AS used) AS usage
     FROM operation o WHERE o.graph = $1 ORDER BY o.name, o.id`,
    [graph, windowStart(filter, today) ?? new Date(0)],
  );
  return rows.flatMap((row) => operationsOf(row, filter));
}

function operationsOf(
  { name, signature, signatureHash: hash, lastSeenAt, documents, reporters, usage }: OperationRow,
  filter: UsageFilter,
): RegisteredOperation[] {
  const counted = (usage ?? []).filter(({ client }) => !isExcluded(client, filter));
  const requests = counted.reduce((sum, { requests }) => sum + requests, 0);
  const times = counted.map((entry) => new Date(entry.lastSeenAt).getTime());
  const lastSeen = lastSeenAt === null ? null : (times.length > 0 ? new Date(Math.max(...times)) : lastSeenAt).toISOString();
  const reported = { name, lastSeen, requests };
  if (documents === null) return [{ ...reported, document: signature, hash, clients: (usage ?? []).map(({ client }) => client) }];
  const isUnknown = lastSeen === null || (reporters?.every((client) => isExcluded(client, filter)) ?? false);
  return documents.map(({ hash, document, clients }) =>
    isUnknown
      ? { name, document, hash, clients, lastSeen: null }
      : { ...reported, document, hash, clients: (usage ?? []).map(({ client }) => client) },
  );
}

/** SHA-256 of a signature. */
export function signatureHash(signature: string): string {
  return createHash('sha256').update(signature).digest('hex');
}
