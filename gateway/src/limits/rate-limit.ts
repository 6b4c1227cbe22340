import { type Principal, type Role, throttleKeyOf } from '@app/auth';
import { AppError } from '@app/errors';
import { checkedOf, type RequestState, type Stage } from '../operation/request-state.ts';
import type { BucketSize, TokenBuckets, Withdrawal } from './token-bucket.ts';

/** Options of {@link takeBudget}. */
export interface RateLimitOptions {
  readonly buckets: TokenBuckets;
  /** Cost units per caller: anonymous callers share one bucket per address, or per /64 of IPv6. */
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
  const { buckets, fieldSizes } = options;

  function takeCost(request: RequestState, requested: number): void | Promise<void> {
    const { key, size } = bucketOf(request, options);
    const settle = (withdrawal: Withdrawal): void => {
      tell(request, size, withdrawal);
      request.budget = { requested, limit: size.capacity, remaining: withdrawal.remaining };
      refuseUnlessAllowed(request, withdrawal);
    };
    const taken = buckets.take(key, requested, size);
    return taken instanceof Promise ? taken.then(settle) : settle(taken);
  }

  async function takeCalls(request: RequestState, requested: number, calls: readonly LimitedCalls[]): Promise<void> {
    for (const { field, count, size } of calls)
      refuseUnlessAllowed(request, await buckets.take(`${callerKey(request)}:field:${field}`, count, size));
    await takeCost(request, requested);
  }

  return (state) => {
    const { request } = state;
    // Before anything is waited for: operations of a batch share their request, and the next one writes its own cost there.
    const requested = Math.max(1, Math.ceil(request.cost ?? 1));
    const calls = limitedCalls(checkedOf(state).rootFields, fieldSizes);
    return calls.length === 0 ? takeCost(request, requested) : takeCalls(request, requested, calls);
  };
}

/** How often an operation calls a root field that has a budget of its own. */
interface LimitedCalls {
  readonly field: string;
  readonly count: number;
  readonly size: BucketSize;
}

function limitedCalls(rootFields: ReadonlyMap<string, number>, sizes: RateLimitOptions['fieldSizes']): readonly LimitedCalls[] {
  const calls: LimitedCalls[] = [];
  for (const [field, count] of rootFields) {
    const size = sizes.get(field);
    if (size !== undefined) calls.push({ field, count, size });
  }
  return calls;
}

/** Which bucket holds the caller's budget, and how large it is. */
export function bucketOf(request: RequestState, options: RateLimitOptions): { readonly key: string; readonly size: BucketSize } {
  return { key: callerKey(request), size: sizeFor(options, request.principal) };
}

function sizeFor({ sizes, roleSizes }: RateLimitOptions, principal: Principal): BucketSize {
  const ofRoles = principal.kind === 'user' ? principal.roles.flatMap((role) => roleSizes.get(role) ?? []) : [];
  return ofRoles.reduce((largest, size) => (size.capacity > largest.capacity ? size : largest), sizes[principal.kind]);
}

function refuseUnlessAllowed(request: RequestState, { isAllowed, retryAfterSeconds }: Withdrawal): void {
  if (isAllowed) return;
  request.responseHeaders['retry-after'] = String(retryAfterSeconds);
  throw new AppError('RATE_LIMITED', undefined, { details: { retryAfterSeconds } });
}

function callerKey({ principal, client }: RequestState): string {
  return principal.kind === 'anonymous'
    ? `address:${throttleKeyOf(client.address) ?? client.address}`
    : `${principal.kind}:${principal.id}`;
}

/** Header fields of the IETF draft "RateLimit header fields for HTTP". */
function tell(request: RequestState, size: BucketSize, withdrawal: Withdrawal): void {
  const { responseHeaders } = request;
  responseHeaders['ratelimit-limit'] = String(size.capacity);
  responseHeaders['ratelimit-remaining'] = String(withdrawal.remaining);
  responseHeaders['ratelimit-reset'] = String(withdrawal.resetSeconds);
}
