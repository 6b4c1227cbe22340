import type { Logger } from '@app/observability';
import type { Redis } from 'ioredis';
import { createPolicyCheck } from './authorize/check-policy.ts';
import type { DenialLog } from './authorize/denial-log.ts';
import { policies } from './authorize/policies.ts';
import type { Config } from './config.ts';
import { checkDocumentLimits, type DocumentLimits } from './limits/document-limits.ts';
import { createLocalBuckets } from './limits/local-buckets.ts';
import { createRedisBuckets } from './limits/redis-buckets.ts';
import { Refusals } from './limits/refusals.ts';
import type { TrustedDocuments } from './operation/trusted-documents.ts';
import type { PipelineOptions } from './pipeline.ts';
import type { GatewayMetrics } from './telemetry/gateway-metrics.ts';

/** What the stages need of the process. */
export interface PipelineParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly counted: GatewayMetrics;
  readonly redis: Redis | undefined;
  readonly documents: TrustedDocuments;
  /** Undefined without Redis: denials are then in the log and in metrics only. */
  readonly denials: DenialLog | undefined;
}

/** What the stages are built with, from configuration. */
export function pipelineOptions({ config, logger, counted, redis, documents, denials }: PipelineParts): PipelineOptions {
  const local = createLocalBuckets(config.TOKEN_CACHE_SIZE);
  const bucket = (capacity: number) => ({ capacity, perSecond: capacity / config.RATE_REFILL_SECONDS });
  const user = bucket(config.RATE_USER);
  const rate = {
    buckets: redis === undefined ? local : createRedisBuckets(redis, local, () => counted.fellBack('rate-limit')),
    sizes: { anonymous: bucket(config.RATE_ANONYMOUS), user, service: user },
    roleSizes: new Map([...config.roleBudgets].map(([role, units]) => [role, bucket(units)])),
    fieldSizes: new Map([...config.fieldBudgets].map(([field, calls]) => [field, bucket(calls)])),
  };
  return {
    trustedDocuments: {
      mode: config.TRUSTED_DOCUMENTS,
      documents,
      onUnknown: (hash) => logger.warn({ hash }, 'operation is not registered'),
    },
    check: {
      checkSize: (document) => checkDocumentLimits(document, documentLimits(config)),
      allowsIntrospection: config.NODE_ENV !== 'production',
      defaultListSize: config.DEFAULT_LIST_SIZE,
    },
    price: { maxCost: config.MAX_COST, maxPageSize: config.MAX_PAGE_SIZE },
    rate,
    refusals: new Refusals(rate),
    authorization: {
      mode: config.AUTHORIZATION_MODE,
      onDenied: ({ request }, paths) => {
        counted.denied(request.principal.kind);
        denials?.record({ requestId: request.requestId, principal: request.principal, operationName: request.operationName, paths });
      },
      checkPolicy: createPolicyCheck({
        policies,
        timeoutMs: config.POLICY_TIMEOUT_MS,
        onFailure: (policy, error) => logger.warn({ policy, err: error }, 'policy failed'),
      }),
    },
    onPriced: counted.priced,
    onRefused: counted.refused,
  };
}

function documentLimits(config: Config): DocumentLimits {
  return {
    maxDepth: config.MAX_DEPTH,
    maxAliases: config.MAX_ALIASES,
    maxRootFields: config.MAX_ROOT_FIELDS,
    maxDirectives: config.MAX_DIRECTIVES,
    maxSelections: config.MAX_SELECTIONS,
  };
}
