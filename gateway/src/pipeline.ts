import { type AuthorizeOptions, authorize } from './authorize/authorize.ts';
import { type PriceLimits, priceOperation } from './limits/price-operation.ts';
import { type RateLimitOptions, takeBudget } from './limits/rate-limit.ts';
import type { Refusals } from './limits/refusals.ts';
import { type CheckOptions, checkOperation, checkVariables } from './operation/check-operation.ts';
import type { OperationState, Stage } from './operation/request-state.ts';
import { requireTrustedDocument, type TrustedDocumentsOptions } from './operation/trusted-documents.ts';

/** What the stages are built with. */
export interface PipelineOptions {
  readonly trustedDocuments: TrustedDocumentsOptions;
  readonly check: CheckOptions;
  readonly price: PriceLimits;
  readonly rate: RateLimitOptions;
  readonly authorization: AuthorizeOptions;
  /** Told what each operation costs and which stage refused one. */
  readonly onPriced: (cost: number) => void;
  readonly onRefused: (stage: string, error: unknown) => void;
  /** Lets operations pay that did not come as far as the stage that takes their budget. */
  readonly refusals: Refusals;
}

const PAYING = 'rate limit';

/**
 * The request's way through the gateway, in this order. A request has passed `http/` before (id, body limit, CORS, CSRF) and `auth/` (token →
 * principal); what passes here is planned, executed and completed by `execute-operation.ts`, on the generation that it started on.
 */
export function createPipeline(options: PipelineOptions): readonly (readonly [name: string, stage: Stage])[] {
  return [
    ['trusted documents', requireTrustedDocument(options.trustedDocuments)],
    ['operation', checkOperation(options.check)],
    ['variables', checkVariables],
    ['cost', priceOperation(options.price, options.onPriced)],
    [PAYING, takeBudget(options.rate)],
    ['authorization', authorize(options.authorization)],
  ];
}

/** Runs the stages one after the other; the first that throws refuses the operation. */
export async function runPipeline(
  pipeline: ReturnType<typeof createPipeline>,
  state: OperationState,
  { onRefused, refusals }: Pick<PipelineOptions, 'onRefused' | 'refusals'>,
): Promise<void> {
  let hasPaid = false;
  for (const [name, stage] of pipeline) {
    hasPaid ||= name === PAYING;
    try {
      // Most stages are done at once; waiting for them all the same would cost each request a turn of the event loop's queue.
      const pending = stage(state);
      if (pending !== undefined) await pending;
    } catch (error) {
      onRefused(name, error);
      if (!hasPaid) refusals.charge(state.request, state.source.length);
      throw error;
    }
  }
}
