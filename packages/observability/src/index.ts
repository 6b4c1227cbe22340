export { answerHealth, type HealthServer, type HealthServerOptions, type HealthSources, startHealthServer } from './health-server.ts';
export { createLabelLimit, OTHER_LABEL } from './label-limit.ts';
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export {
  type Counter,
  clusterMetrics,
  createMetrics,
  DURATION_BUCKETS_SECONDS,
  type Gauge,
  type Histogram,
  type MetricSpec,
  Metrics,
  type MetricsOptions,
  type MetricsSource,
} from './metrics.ts';
export { Readiness, type ReadinessCheck, type ReadinessReport } from './readiness.ts';
export {
  acceptRequestId,
  acceptTraceparent,
  contextOfHeaders,
  currentRequest,
  headersOfContext,
  REQUEST_ID_HEADER,
  type RequestContext,
  runWithRequest,
  TRACEPARENT_HEADER,
} from './request-context.ts';
