import { type IContextualizedStats, type ITrace, type ITracesAndStats, Report, Trace } from '@apollo/usage-reporting-protobuf';
import { parse } from 'graphql';
import { RegistryError } from '../registry-error.ts';
import { bucketOf, readHistogram } from './latency.ts';
import { tallyTraceFields } from './trace-fields.ts';
import { type ClientKey, ClientRoster, clientKey, UsageTally } from './usage-tally.ts';

/** A usage report, read and added up. */
export interface UsageReport {
  /** Graph that the sender believes to report for; empty when it does not say. */
  readonly graphRef: string;
  readonly endedAt: Date | undefined;
  readonly tally: UsageTally;
}

const LONGEST_SIGNATURE = 100_000;
const MOST_TOKENS = 20_000;
const NAME = /^[_A-Za-z]\w{0,199}$/;
const MOST_FIELDS = 20_000;
const MOST_REQUESTS = 1_000_000_000;
const MILLISECONDS_OF_SECOND = 1_000;
const NANOSECONDS_OF_MILLISECOND = 1_000_000;

/**
 * Reads a report as Apollo's usage-reporting plugin and router send it (protobuf message `Report`). Signatures come without literals; of
 * variables, headers and errors' messages nothing is kept.
 * @throws {RegistryError} `NOT_A_REPORT` when it is none.
 */
export function readUsageReport(bytes: Uint8Array, clients: ClientRoster = new ClientRoster([], Number.POSITIVE_INFINITY)): UsageReport {
  const report = decode(bytes);
  const tally = new UsageTally();
  for (const [key, entry] of Object.entries(report.tracesPerQuery))
    tallyOperation({ tally, clients }, { key, entry, isPreAggregated: report.tracesPreAggregated });
  const seconds = Number(report.endTime?.seconds ?? 0);
  return {
    graphRef: report.header?.graphRef ?? '',
    endedAt:
      seconds > 0
        ? new Date(seconds * MILLISECONDS_OF_SECOND + Number(report.endTime?.nanos ?? 0) / NANOSECONDS_OF_MILLISECOND)
        : undefined,
    tally,
  };
}

function decode(bytes: Uint8Array): Report {
  try {
    return Report.decode(bytes);
  } catch (cause) {
    const message = "The body is no usage report: send protobuf messages of type Report, as Apollo's usage-reporting plugin does.";
    throw new RegistryError('NOT_A_REPORT', message, { cause });
  }
}

/** Where a report is added up, and which clients are told apart there. */
interface Tallied {
  readonly tally: UsageTally;
  readonly clients: ClientRoster;
}

/** The key is `# name` and the signature on the next lines, or `## kind` for what could not be executed. */
function tallyOperation(
  into: Tallied,
  { key, entry, isPreAggregated }: { key: string; entry: ITracesAndStats; isPreAggregated: boolean },
): void {
  const traces = isPreAggregated ? [] : (entry.trace ?? []).map((trace) => (trace instanceof Uint8Array ? Trace.decode(trace) : trace));
  const stats = (entry.statsWithContext ?? []) as IContextualizedStats[];
  const operation = executableOf(key);
  const requests = new Map<string, number>();
  const note = ({ clientName }: ClientKey, count: number) => requests.set(clientName, (requests.get(clientName) ?? 0) + count);
  for (const trace of traces) note(tallyTrace(into, operation, trace), 1);
  for (const stat of stats) note(tallyStats(into, operation, stat), count(stat.queryLatencyStats?.requestCount));
  if (operation.kind !== 'executable') return;
  for (const coordinate of coordinatesOf(entry))
    for (const [client, count] of requests) into.tally.field(coordinate, client).requests += count;
}

type Described =
  | { readonly kind: 'executable'; readonly name: string; readonly signature: string }
  | { readonly kind: 'refused'; readonly why: string };

/** A signature that is no GraphQL would stop every check of the graph, so it is counted but not kept. */
function executableOf(key: string): Described {
  if (key.startsWith('## ')) return { kind: 'refused', why: key.slice(3).trim().replace(/\W/g, '').slice(0, 60) || 'Unknown' };
  const [, name = '', signature = ''] = /^# ([^\n]*)\n([\s\S]*)$/.exec(key) ?? [];
  if (signature.length > LONGEST_SIGNATURE || signature.includes('\0')) return { kind: 'refused', why: 'SignatureTooLarge' };
  try {
    parse(signature, { maxTokens: MOST_TOKENS, noLocation: true });
  } catch {
    return { kind: 'refused', why: 'SignatureUnreadable' };
  }
  return { kind: 'executable', name: NAME.test(name) ? name : '-', signature };
}

function tallyTrace({ tally, clients }: Tallied, operation: Described, trace: ITrace): ClientKey {
  const client = clients.admit(clientKey(trace.clientName, trace.clientVersion));
  if (operation.kind === 'refused') tally.refuse(operation.why, client, 1);
  else {
    const hasErrors = tallyTraceFields(tally, client, trace);
    const entry = tally.operation(operation.name, operation.signature, client);
    entry.requests += 1;
    if (hasErrors) entry.errors += 1;
    add(entry.latency, bucketOf(count(trace.durationNs)), 1);
  }
  return client;
}

function tallyStats(
  { tally, clients }: Tallied,
  operation: Described,
  { context, queryLatencyStats, perTypeStat }: IContextualizedStats,
): ClientKey {
  const client = clients.admit(clientKey(context?.clientName, context?.clientVersion));
  const requests = count(queryLatencyStats?.requestCount);
  if (operation.kind === 'refused') tally.refuse(operation.why, client, requests);
  else {
    const entry = tally.operation(operation.name, operation.signature, client);
    entry.requests += requests;
    entry.errors += count(queryLatencyStats?.requestsWithErrorsCount);
    for (const counts of [queryLatencyStats?.latencyCount, queryLatencyStats?.cacheLatencyCount])
      for (const [bucket, number] of readHistogram((counts ?? []) as number[])) add(entry.latency, bucket, number);
    for (const [type, { perFieldStat }] of Object.entries(perTypeStat ?? {}))
      for (const [field, stat] of Object.entries(perFieldStat ?? {})) {
        if (!NAME.test(type) || !NAME.test(field)) continue;
        const tallied = tally.field(`${type}.${field}`, client.clientName);
        tallied.executions += count(stat.estimatedExecutionCount);
        tallied.errors += count(stat.errorsCount);
      }
  }
  return client;
}

function coordinatesOf({ referencedFieldsByType }: ITracesAndStats): string[] {
  return Object.entries(referencedFieldsByType ?? {})
    .flatMap(([type, { fieldNames }]) =>
      (fieldNames ?? []).filter((field) => NAME.test(type) && NAME.test(field)).map((field) => `${type}.${field}`),
    )
    .slice(0, MOST_FIELDS);
}

/** A count that can be added up. Negative ones arrive as huge ones, and no report has so many: they count nothing. */
function count(value: number | null | undefined): number {
  const number = Math.round(value ?? 0);
  return number >= 0 && number <= MOST_REQUESTS ? number : 0;
}

function add(histogram: Map<number, number>, bucket: number, number: number): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count(number));
}
