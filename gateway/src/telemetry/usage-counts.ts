import { hostname } from 'node:os';
import { type IReport, type ITracesAndStats, Report } from '@apollo/usage-reporting-protobuf';
import { calculateReferencedFieldsByType, usageReportingSignature } from '@apollo/utils.usagereporting';
import type { CheckedOperation } from '../operation/checked-operation.ts';

/** Who sent a request, as it says itself. */
export interface UsageClient {
  readonly name: string;
  readonly version: string;
}

/** How one request went. */
export interface UsageOutcome {
  readonly hasErrors: boolean;
  readonly durationMs: number;
  /** Requests that this one stands for: more than one when only a sample is counted. */
  readonly weight: number;
}

interface Counts {
  requests: number;
  errors: number;
  /** By bucket: durations of up to 1.1^n microseconds. */
  readonly latency: number[];
}

/** Apollo's names for requests that are no operation of the schema. */
export type Unexecutable = 'GraphQLParseFailure' | 'GraphQLValidationFailure' | 'GraphQLUnknownOperationName';

const BASE = 1.1;
const BUCKETS = 384;
const MICROSECONDS_OF_MILLISECOND = 1_000;
const NANOSECONDS_OF_MILLISECOND = 1_000_000;
/** Clients choose their names and documents: beyond this many of both, requests are not counted until the next report. */
const MOST_COUNTS = 10_000;

/**
 * Requests of the time since the last report, by operation and client. What a report holds of an operation is its signature: names and
 * shape, without literals, aliases or variables.
 */
export class UsageCounts {
  private readonly byOperation = new Map<CheckedOperation | Unexecutable, Map<string, Counts>>();
  private size = 0;

  add(operation: CheckedOperation | Unexecutable, client: UsageClient, { hasErrors, durationMs, weight }: UsageOutcome): void {
    const counts = this.countsOf(operation, `${client.name}\n${client.version}`);
    if (counts === undefined) return;
    counts.requests += weight;
    if (hasErrors) counts.errors += weight;
    const bucket = bucketOf(durationMs);
    counts.latency[bucket] = (counts.latency[bucket] ?? 0) + weight;
  }

  /** What was counted, as a message of Apollo's protocol; undefined when there is nothing. */
  encode(graphRef: string, now: Date): Uint8Array | undefined {
    if (this.byOperation.size === 0) return undefined;
    const tracesPerQuery: Record<string, ITracesAndStats> = {};
    for (const [operation, clients] of this.byOperation) {
      const { key, referencedFieldsByType } = describe(operation);
      const statsWithContext = [...((tracesPerQuery[key]?.statsWithContext as [] | undefined) ?? []), ...[...clients].map(statsOf)];
      tracesPerQuery[key] = { statsWithContext, referencedFieldsByType };
    }
    const report: IReport = {
      // No two reports are the same, so that one that is sent again can be told from the next.
      header: { graphRef, agentVersion: 'supergraph-gateway', hostname: `${hostname()} ${process.pid}` },
      tracesPerQuery,
      endTime: { seconds: Math.floor(now.getTime() / 1_000), nanos: now.getMilliseconds() * NANOSECONDS_OF_MILLISECOND },
    };
    return Report.encode(report).finish();
  }

  private countsOf(operation: CheckedOperation | Unexecutable, client: string): Counts | undefined {
    const clients = this.byOperation.get(operation) ?? new Map<string, Counts>();
    const known = clients.get(client);
    if (known !== undefined) return known;
    if (this.size >= MOST_COUNTS) return undefined;
    this.size += 1;
    const fresh = { requests: 0, errors: 0, latency: [] };
    this.byOperation.set(operation, clients.set(client, fresh));
    return fresh;
  }
}

function statsOf([client, { requests, errors, latency }]: [string, Counts]) {
  const [clientName = '', clientVersion = ''] = client.split('\n');
  const requestCount = Math.round(requests);
  return {
    context: { clientName, clientVersion },
    queryLatencyStats: {
      requestCount,
      requestsWithErrorsCount: Math.round(errors),
      requestsWithoutFieldInstrumentation: requestCount,
      latencyCount: sparse(latency),
    },
  };
}

function bucketOf(durationMs: number): number {
  const bucket = Math.ceil(Math.log(durationMs * MICROSECONDS_OF_MILLISECOND) / Math.log(BASE));
  return Math.min(Math.max(bucket, 0), BUCKETS - 1);
}

/** A negative number stands for so many empty buckets. */
function sparse(latency: readonly number[]): number[] {
  const written: number[] = [];
  let empty = 0;
  for (const count of Array.from(latency, (value) => Math.round(value ?? 0))) {
    if (count === 0) empty += 1;
    else {
      if (empty > 0) written.push(empty === 1 ? 0 : -empty);
      written.push(count);
      empty = 0;
    }
  }
  return written;
}

interface Description {
  readonly key: string;
  readonly referencedFieldsByType: ITracesAndStats['referencedFieldsByType'];
}

/** An operation is described once: it takes longer than answering it from a cache. */
const described = new WeakMap<CheckedOperation, Description>();

function describe(operation: CheckedOperation | Unexecutable): Description {
  if (typeof operation === 'string') return { key: `## ${operation}\n`, referencedFieldsByType: {} };
  const known = described.get(operation);
  if (known) return known;
  const { document, schema } = operation;
  const name = operation.operation.name?.value;
  const description = {
    key: `# ${name ?? '-'}\n${usageReportingSignature(document, name ?? '')}`,
    referencedFieldsByType: calculateReferencedFieldsByType({ document, schema, resolvedOperationName: name ?? null }),
  };
  described.set(operation, description);
  return description;
}
