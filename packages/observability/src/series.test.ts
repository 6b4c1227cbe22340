import { Histogram as DistributionOfClient, Counter as OfClient, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Counter, Histogram } from './series.ts';

const bounds = [0.1, 1, 10];
const about = (registry: Registry) => ({
  counter: {
    name: 'things_total',
    help: 'Things \\ and\nothers.',
    labelNames: ['kind', 'of'] as const,
    aggregator: 'sum' as const,
    registry,
  },
  histogram: { name: 'wait_seconds', help: 'Wait.', labelNames: ['kind', 'of'] as const, aggregator: 'sum' as const, registry },
});

/** Lines of a text in the Prometheus format, whatever the order of lines and labels. */
function linesOf(text: string): string[] {
  const sorted = (line: string) =>
    line.replace(
      /\{(.*)\}/,
      (_, labels: string) =>
        `{${labels
          .split(/,(?=\w+=")/)
          .sort()
          .join()}}`,
    );
  return text.split('\n').map(sorted).sort();
}

test('counted are the same numbers as prom-client counts, told in the same way', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  for (const registry of [ours, theirs]) registry.setDefaultLabels({ service: 'test' });
  const { counter, histogram } = about(ours);
  const [count, wait] = [new Counter(counter), new Histogram(histogram, bounds)];
  const clients = { ...counter, labelNames: ['kind', 'of'], registers: [theirs] };
  const [countOfClient, waitOfClient] = [
    new OfClient(clients),
    new DistributionOfClient({ ...clients, ...histogram, labelNames: ['kind', 'of'], buckets: bounds }),
  ];
  const values = ['a', 'b', '', 'a b', '"', 'é\n', 'constructor', '__proto__', ',of:a'];
  const waits = [0, 0.1, 0.100001, 1, 5, 10, 11, 1e9];
  for (let n = 0; n < 500; n++) {
    const labels = { kind: values[n % values.length] ?? '', of: values[(n * 7) % 5] ?? '' };
    count.inc(labels, n);
    countOfClient.inc(labels, n);
    wait.observe(labels, waits[n % waits.length] ?? 0);
    waitOfClient.observe(labels, waits[n % waits.length] ?? 0);
  }
  expect(linesOf(await ours.metrics())).toEqual(linesOf(await theirs.metrics()));
});

test('what has no labels is told from the beginning, what has is told once it was counted', async () => {
  const registry = new Registry();
  const { counter, histogram } = about(registry);
  new Counter({ ...counter, labelNames: [] });
  new Histogram(histogram, bounds);
  expect(await registry.metrics()).toMatch(/things_total 0\n/);
  expect(await registry.metrics()).not.toContain('wait_seconds_count');
});

test('a series that is kept counts for the same labels', async () => {
  const registry = new Registry();
  const counter = new Counter(about(registry).counter);
  const kept = counter.labels({ kind: 'a', of: 'b' });
  kept.inc();
  counter.inc({ of: 'b', kind: 'a' }, 2);
  expect(await registry.metrics()).toContain('things_total{kind="a",of="b"} 3');
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%d is nothing to count', (value) => {
  const { counter, histogram } = about(new Registry());
  const labels = { kind: 'a', of: 'b' };
  expect(() => new Histogram(histogram, bounds).observe(labels, value === -1 ? Number.NaN : value)).toThrow(RangeError);
  expect(() => new Counter(counter).inc(labels, value)).toThrow(RangeError);
});

test('two metrics of one name are refused', () => {
  const registry = new Registry();
  new Counter(about(registry).counter);
  expect(() => new Counter(about(registry).counter)).toThrow(/already/);
});
