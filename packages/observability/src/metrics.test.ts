import { expect, test } from 'vitest';
import { createLabelLimit, createMetrics, OTHER_LABEL } from './index.ts';

test('counters, gauges and histograms appear in the text with service and labels', async () => {
  const metrics = createMetrics({ service: 'test', process: false });
  metrics.counter({ name: 'things_total', help: 'Things.', labels: ['kind'] }).inc({ kind: 'a' });
  metrics.gauge({ name: 'level', help: 'Level.' }, (gauge) => gauge.set(7));
  metrics.gauge({ name: 'plain', help: 'Plain.' }).set(1);
  metrics.histogram({ name: 'wait_seconds', help: 'Wait.' }).observe({}, 0.2);
  const text = await metrics.text();
  expect(text).toContain('things_total{kind="a",service="test"} 1');
  expect(text).toContain('level{service="test"} 7');
  expect(text).toContain('wait_seconds_bucket{le="0.25",service="test"} 1');
});

test('two registries in one process do not collide, and process metrics are on by default', async () => {
  const [first, second] = [createMetrics({ service: 'a' }), createMetrics({ service: 'b' })];
  first.counter({ name: 'same_total', help: 'Same.' });
  second.counter({ name: 'same_total', help: 'Same.' });
  expect(await first.text()).toContain('process_cpu_seconds_total');
});

test('label values beyond the limit become "other", known ones stay', () => {
  const label = createLabelLimit(2);
  expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', OTHER_LABEL, 'a', OTHER_LABEL]);
});

test('a long label value becomes "other" and takes no place', () => {
  const label = createLabelLimit(1);
  expect(['a'.repeat(101), 'b'.repeat(100)].map(label)).toEqual([OTHER_LABEL, 'b'.repeat(100)]);
});

test.each([0, -1, 1.5, Number.NaN])('a label limit of %d is refused', (limit) => {
  expect(() => createLabelLimit(limit)).toThrow(RangeError);
});
