import { AppError } from '@app/errors';
import { createLabelLimit, type Metrics } from '@app/observability';
import type { LookupResult } from '../cache/entity-cache.ts';
import type { RequestState } from '../operation/request-state.ts';

/** Operation names that get series of their own; clients choose names, and series stay in memory. */
const MAX_OPERATIONS = 300;

/** Costs from a field to the largest allowed. */
const COST_BUCKETS = [1, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000];

/** What the gateway counts. */
export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>;

/** Declares the gateway's metrics: rate, errors and duration per operation and per subgraph, and one count per refusal. */
export function createGatewayMetrics(metrics: Metrics) {
  const label = createLabelLimit(MAX_OPERATIONS);
  const requests = metrics.counter({ name: 'gateway_requests_total', help: 'GraphQL requests.', labels: ['operation', 'kind', 'status'] });
  const durations = metrics.histogram({
    name: 'gateway_request_duration_seconds',
    help: 'Duration of GraphQL requests.',
    labels: ['operation', 'kind'],
  });
  const errors = metrics.counter({ name: 'gateway_request_errors_total', help: 'Errors in answers.', labels: ['operation', 'code'] });
  const fetches = metrics.counter({
    name: 'gateway_subgraph_requests_total',
    help: 'Requests to subgraphs.',
    labels: ['subgraph', 'outcome'],
  });
  const fetchDurations = metrics.histogram({
    name: 'gateway_subgraph_duration_seconds',
    help: 'Duration of requests to subgraphs.',
    labels: ['subgraph'],
  });
  const refusals = metrics.counter({
    name: 'gateway_refused_total',
    help: 'Requests refused, by stage, code and limit.',
    labels: ['stage', 'code', 'limit'],
  });
  const denials = metrics.counter({
    name: 'gateway_denied_total',
    help: 'Operations of which a caller did not get all, by kind of caller.',
    labels: ['principal'],
  });
  const shed = metrics.counter({ name: 'gateway_denials_shed_total', help: 'Denials that found no room on their way to the audit log.' });
  const lookups = metrics.counter({
    name: 'gateway_cache_lookups_total',
    help: 'What was looked up in the caches: whole answers, and entities or root fields.',
    labels: ['cache', 'result'],
  });
  const costs = metrics.histogram({ name: 'gateway_operation_cost', help: 'Static cost of operations.' }, COST_BUCKETS);
  const swaps = metrics.counter({ name: 'gateway_schema_updates_total', help: 'Supergraphs offered.', labels: ['outcome'] });
  const schemas = metrics.gauge({
    name: 'gateway_schema_info',
    help: 'The supergraph being served: always 1.',
    labels: ['schema'],
    aggregator: 'max',
  });
  const circuits = metrics.counter({
    name: 'gateway_circuit_changes_total',
    help: 'Changes of state of the circuits in front of subgraphs and other services.',
    labels: ['circuit', 'to'],
  });
  const fallbacks = metrics.counter({ name: 'gateway_redis_fallbacks_total', help: 'Times Redis did not answer.', labels: ['use'] });
  return {
    answered: ({ operationName, operationKind, errorCodes, fetches: records }: RequestState, status: number, durationMs: number) => {
      const operation = label(operationName ?? 'unknown');
      const kind = operationKind ?? 'unknown';
      requests.inc({ operation, kind, status: String(status) });
      durations.observe({ operation, kind }, durationMs / 1000);
      for (const code of errorCodes) errors.inc({ operation, code });
      for (const { subgraph, outcome, durationMs: took } of records) {
        fetches.inc({ subgraph, outcome });
        fetchDurations.observe({ subgraph }, took / 1000);
      }
    },
    refused: (stage: string, error: unknown) => {
      const known = error instanceof AppError ? error : undefined;
      refusals.inc({ stage, code: known?.code ?? 'INTERNAL', limit: String(known?.details['limit'] ?? '') });
    },
    denied: (principal: 'anonymous' | 'user' | 'service') => denials.inc({ principal }),
    shedDenials: (count: number) => shed.inc({}, count),
    cacheAsked: (cache: 'response' | 'entity', result: LookupResult, count: number) => lookups.inc({ cache, result }, count),
    priced: (cost: number) => costs.observe({}, cost),
    /** Tells which supergraph is served. */
    schemaServed: (id: string) => {
      schemas.reset();
      schemas.set({ schema: id }, 1);
    },
    schemaUpdated: (outcome: 'swapped' | 'refused') => swaps.inc({ outcome }),
    circuitChanged: (circuit: string, to: string) => circuits.inc({ circuit, to }),
    fellBack: (use: 'rate-limit' | 'revocation' | 'persisted-queries' | 'plans') => fallbacks.inc({ use }),
  };
}
