import type { Principal } from '@app/auth';
import { AppError } from '@app/errors';
import type { RequestState, Stage } from '../operation/request-state.ts';
import type { BucketSize, TokenBuckets, Withdrawal } from './token-bucket.ts';

/** Options of {@link takeBudget}. */
export interface RateLimitOptions {
  readonly buckets: TokenBuckets;
  /** Cost units per caller: anonymous callers share one bucket per address. */
  readonly sizes: Readonly<Record<'anonymous' | 'user' | 'service', BucketSize>>;
}

/** Takes the operation's cost, at least 1, out of the caller's budget; tells the caller what is left; refuses when it is not enough. */
export function takeBudget({ buckets, sizes }: RateLimitOptions): Stage {
  return async ({ request }) => {
    const size = sizes[request.principal.kind];
    const requested = Math.max(1, Math.ceil(request.cost ?? 1));
    const withdrawal = await buckets.take(bucketKey(request), requested, size);
    tell(request, size, withdrawal);
    request.responseExtensions.set('cost', { requested, limit: size.capacity, remaining: withdrawal.remaining });
    if (withdrawal.isAllowed) return;
    request.responseHeaders.set('retry-after', String(withdrawal.retryAfterSeconds));
    throw new AppError('RATE_LIMITED', undefined, { details: { retryAfterSeconds: withdrawal.retryAfterSeconds } });
  };
}

function bucketKey({ principal, client }: RequestState): string {
  return principal.kind === 'anonymous' ? `address:${client.address}` : `${principal.kind}:${idOf(principal)}`;
}

function idOf(principal: Exclude<Principal, { kind: 'anonymous' }>): string {
  return principal.id;
}

/** Header fields of the IETF draft "RateLimit header fields for HTTP". */
function tell(request: RequestState, size: BucketSize, withdrawal: Withdrawal): void {
  request.responseHeaders.set('ratelimit-limit', String(size.capacity));
  request.responseHeaders.set('ratelimit-remaining', String(withdrawal.remaining));
  request.responseHeaders.set('ratelimit-reset', String(withdrawal.resetSeconds));
}
