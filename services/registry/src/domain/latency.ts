/** Counts by bucket; bucket n holds durations of up to 1.1^n microseconds, as Apollo's reports have it. */
export type Histogram = ReadonlyMap<number, number>;

const BASE = 1.1;
const BUCKETS = 384;
const NANOSECONDS_OF_MICROSECOND = 1_000;
const MICROSECONDS_OF_MILLISECOND = 1_000;

/** The bucket of a duration. */
export function bucketOf(durationNs: number): number {
  const bucket = Math.ceil(Math.log(durationNs / NANOSECONDS_OF_MICROSECOND) / Math.log(BASE));
  return Number.isNaN(bucket) ? 0 : Math.min(Math.max(bucket, 0), BUCKETS - 1);
}

/** Reads the form of reports: counts from bucket 0 on, where a negative number stands for so many empty buckets. */
export function readHistogram(counts: readonly number[]): Histogram {
  const histogram = new Map<number, number>();
  let bucket = 0;
  for (const count of counts) {
    if (bucket >= BUCKETS) break;
    if (count > 0) histogram.set(bucket, count);
    bucket += count < 0 ? -count : 1;
  }
  return histogram;
}

/** The duration that this share (0 to 1) of requests stayed below, in milliseconds, to within a bucket; undefined when there are none. */
export function percentileMs(histogram: Histogram, share: number): number | undefined {
  const buckets = [...histogram].sort(([left], [right]) => left - right);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= total * share) return BASE ** bucket / MICROSECONDS_OF_MILLISECOND;
  }
  return undefined;
}
