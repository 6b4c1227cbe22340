import type { Principal, Role } from '@app/auth';
import { AppError } from '@app/errors';
import { checkedOf, type RequestState, type Stage } from '../operation/request-state.ts';
import type { BucketSize, TokenBuckets, Withdrawal } from './token-bucket.ts';

/** Options of {@link takeBudget}. */
export interface RateLimitOptions {
  readonly buckets: TokenBuckets;
  /** Cost units per caller: anonymous callers share one bucket per address. */
  readonly sizes: Readonly<Record<'anonymous' | 'user' | 'service', BucketSize>>;
  /** Budgets of roles that differ from a user's; who holds several has the largest. */
  readonly roleSizes: ReadonlyMap<Role, BucketSize>;
  /** Calls of single root fields per caller, such as sign-in: aliases count each. */
  readonly fieldSizes: ReadonlyMap<string, BucketSize>;
}

/**
 * Takes the operation's cost, at least 1, out of the caller's budget, and its limited root fields out of theirs; tells the caller what is
 * left; refuses when it is not enough.
 */
export function takeBudget(options: RateLimitOptions): Stage {
  return async (state) => {
    const { request } = state;
    const caller = callerKey(request);
    for (const [field, count] of checkedOf(state).rootFields) {
      const size = options.fieldSizes.get(field);
      if (size) refuseUnlessAllowed(request, await options.buckets.take(`${caller}:field:${field}`, count, size));
    }
    const size = sizeFor(options, request.principal);
    const requested = Math.max(1, Math.ceil(request.cost ?? 1));
    const withdrawal = await options.buckets.take(caller, requested, size);
    tell(request, size, withdrawal);
    request.responseExtensions.set('cost', { requested, limit: size.capacity, remaining: withdrawal.remaining });
    refuseUnlessAllowed(request, withdrawal);
  };
}

function sizeFor({ sizes, roleSizes }: RateLimitOptions, principal: Principal): BucketSize {
  const ofRoles = principal.kind === 'user' ? principal.roles.flatMap((role) => roleSizes.get(role) ?? []) : [];
  return ofRoles.reduce((largest, size) => (size.capacity > largest.capacity ? size : largest), sizes[principal.kind]);
}

function refuseUnlessAllowed(request: RequestState, { isAllowed, retryAfterSeconds }: Withdrawal): void {
  if (isAllowed) return;
  request.responseHeaders.set('retry-after', String(retryAfterSeconds));
  throw new AppError('RATE_LIMITED', undefined, { details: { retryAfterSeconds } });
}

function callerKey({ principal, client }: RequestState): string {
  return principal.kind === 'anonymous' ? `address:${client.address}` : `${principal.kind}:${principal.id}`;
}

/** Header fields of the IETF draft "RateLimit header fields for HTTP". */
function tell(request: RequestState, size: BucketSize, withdrawal: Withdrawal): void {
  request.responseHeaders.set('ratelimit-limit', String(size.capacity));
  request.responseHeaders.set('ratelimit-remaining', String(withdrawal.remaining));
  request.responseHeaders.set('ratelimit-reset', String(withdrawal.resetSeconds));
}
