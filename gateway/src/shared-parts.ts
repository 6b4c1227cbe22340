import type { CircuitBreakers } from '@app/circuit-breaker';
import type { Metrics } from '@app/observability';
import type { createPublicError } from './http/public-error.ts';
import type { PipelineParts } from './pipeline-options.ts';
import type { UsageReporter } from './telemetry/usage-reporter.ts';

/** What several parts share. */
export interface SharedParts extends PipelineParts {
  readonly metrics: Metrics;
  readonly breakers: CircuitBreakers;
  readonly publicError: ReturnType<typeof createPublicError>;
  readonly usage: UsageReporter | undefined;
}
