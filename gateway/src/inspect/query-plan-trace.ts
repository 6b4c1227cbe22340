import { google, Trace } from '@apollo/usage-reporting-protobuf';
import type { InspectedFetch, Inspection } from './inspection.ts';

/**
 * The calls of a request as Apollo's usage reports tell them: what overlapped in time is parallel, and the traces that subgraphs made of their
 * resolvers stand in their calls.
 */
export function queryPlanTrace({ fetches }: Inspection, startedAtEpochMs: number): Trace.QueryPlanNode | undefined {
  const groups = overlapping(fetches);
  const nodes = groups.map((group) => inParallel(group.map((fetch) => fetchNode(fetch, startedAtEpochMs))));
  const [only] = nodes;
  if (nodes.length <= 1) return only;
  return new Trace.QueryPlanNode({ sequence: new Trace.QueryPlanNode.SequenceNode({ nodes }) });
}

function inParallel(nodes: Trace.QueryPlanNode[]): Trace.QueryPlanNode {
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only;
  return new Trace.QueryPlanNode({ parallel: new Trace.QueryPlanNode.ParallelNode({ nodes }) });
}

/** Calls by the order in which they began; one that began before the group's first end belongs to it. */
function overlapping(fetches: readonly InspectedFetch[]): InspectedFetch[][] {
  const groups: InspectedFetch[][] = [];
  let firstEnd = Number.NEGATIVE_INFINITY;
  for (const fetch of fetches.toSorted((one, other) => one.startedAtMs - other.startedAtMs)) {
    const group = groups.at(-1);
    if (group !== undefined && fetch.startedAtMs < firstEnd) {
      group.push(fetch);
      firstEnd = Math.min(firstEnd, fetch.endedAtMs);
    } else {
      groups.push([fetch]);
      firstEnd = fetch.endedAtMs;
    }
  }
  return groups;
}

function fetchNode(fetch: InspectedFetch, startedAtEpochMs: number): Trace.QueryPlanNode {
  const { trace, isFailed } = readTrace(fetch);
  const node = new Trace.QueryPlanNode({
    fetch: new Trace.QueryPlanNode.FetchNode({
      serviceName: fetch.subgraph,
      sentTimeOffset: Math.round(fetch.startedAtMs * 1e6),
      sentTime: timestamp(startedAtEpochMs + fetch.startedAtMs),
      receivedTime: timestamp(startedAtEpochMs + fetch.endedAtMs),
      traceParsingFailed: isFailed,
      ...(trace && { trace }),
    }),
  });
  const [path = []] = fetch.paths;
  if (path.length === 0) return node;
  const responsePath = path.map((step) =>
    typeof step === 'number'
      ? new Trace.QueryPlanNode.ResponsePathElement({ index: step })
      : new Trace.QueryPlanNode.ResponsePathElement({ fieldName: step }),
  );
  return new Trace.QueryPlanNode({ flatten: new Trace.QueryPlanNode.FlattenNode({ responsePath, node }) });
}

/** A trace comes from a subgraph: what cannot be read is left out and said. */
function readTrace({ trace: text }: InspectedFetch): { trace?: Trace; isFailed: boolean } {
  if (text === undefined) return { isFailed: false };
  try {
    return { trace: Trace.decode(Buffer.from(text, 'base64')), isFailed: false };
  } catch {
    return { isFailed: true };
  }
}

function timestamp(epochMs: number): google.protobuf.Timestamp {
  const seconds = Math.floor(epochMs / 1_000);
  return new google.protobuf.Timestamp({ seconds, nanos: Math.floor((epochMs - seconds * 1_000) * 1e6) });
}
