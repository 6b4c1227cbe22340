/** What a bucket answers. */
export interface Withdrawal {
  readonly isAllowed: boolean;
  /** Units left after this request. */
  readonly remaining: number;
  /** Seconds until the same withdrawal would succeed; 0 when it did. */
  readonly retryAfterSeconds: number;
  /** Seconds until the bucket is full. */
  readonly resetSeconds: number;
}

/** How large a bucket is and how fast it fills. */
export interface BucketSize {
  readonly capacity: number;
  readonly perSecond: number;
}

/** Buckets by key. */
export interface TokenBuckets {
  /** At once where nobody has to be asked. */
  take(key: string, amount: number, size: BucketSize): Withdrawal | Promise<Withdrawal>;
}

/** Level of a bucket at a moment. */
export interface BucketLevel {
  readonly level: number;
  readonly atMs: number;
}

/** The arithmetic of a token bucket; the Lua script of the Redis buckets does the same. */
export function withdraw(
  bucket: BucketLevel | undefined,
  amount: number,
  size: BucketSize,
  nowMs: number,
): { next: BucketLevel; withdrawal: Withdrawal } {
  const filled = bucket === undefined ? size.capacity : bucket.level + (Math.max(0, nowMs - bucket.atMs) / 1000) * size.perSecond;
  const level = Math.min(size.capacity, filled);
  const isAllowed = level >= amount;
  const rest = isAllowed ? level - amount : level;
  return { next: { level: rest, atMs: nowMs }, withdrawal: withdrawalOf(isAllowed, rest, amount, size) };
}

/** What to tell the caller about a bucket with this much left. */
export function withdrawalOf(isAllowed: boolean, rest: number, amount: number, size: BucketSize): Withdrawal {
  return {
    isAllowed,
    remaining: Math.floor(rest),
    retryAfterSeconds: isAllowed ? 0 : Math.max(1, Math.ceil((Math.min(amount, size.capacity) - rest) / size.perSecond)),
    resetSeconds: Math.ceil((size.capacity - rest) / size.perSecond),
  };
}
