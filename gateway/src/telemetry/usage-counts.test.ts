import { type IContextualizedStats, Report } from '@apollo/usage-reporting-protobuf';
import { expect, test } from 'vitest';
import { UsageCounts } from './usage-counts.ts';

const read = (counts: UsageCounts) => {
  const { tracesPerQuery } = Report.decode(counts.encode('shop@current', new Date(5_000)) ?? new Uint8Array());
  return Object.values(tracesPerQuery).flatMap(({ statsWithContext }) => statsWithContext as IContextualizedStats[]);
};

test('latency is written bucket by bucket, empty ones as how many they are', () => {
  const counts = new UsageCounts();
  const client = { name: 'web', version: '1' };
  for (const durationMs of [0, 0.0011, 0.0011, 1e15]) counts.add('GraphQLParseFailure', client, { hasErrors: true, durationMs, weight: 1 });
  expect(read(counts)[0]?.queryLatencyStats?.latencyCount).toEqual([1, 2, -381, 1]);
});

test('clients that make up names without end do not take memory without end', () => {
  const counts = new UsageCounts();
  for (let index = 0; index < 10_500; index += 1)
    counts.add('GraphQLParseFailure', { name: `bot ${index}`, version: '' }, { hasErrors: true, durationMs: 1, weight: 1 });
  expect(read(counts)).toHaveLength(10_000);
});
