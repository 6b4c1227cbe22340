import { expect, test } from 'vitest';
import { check } from './index.ts';
import { changedGraph, largeGraph } from './testing/large-graph.ts';

test('a check of a large graph says what it does, and finds who uses what goes', async () => {
  const graph = largeGraph({ subgraphs: 21, operations: 30 });
  const steps: string[] = [];
  const findings = await check({
    base: graph.subgraphs,
    changed: changedGraph(graph),
    operations: graph.operations,
    approvals: [],
    today: new Date('2026-11-20'),
    onProgress: (step) => void steps.push(step),
  });
  expect(findings.map(({ severity, code, coordinate }) => [severity, code, coordinate])).toEqual([
    ['error', 'FIELD_REMOVED', 'T0.f3'],
    ['info', 'FIELD_ARGUMENT_DEFAULT_CHANGED', 'Query.all0(first:)'],
  ]);
  const users = graph.operations.filter(({ document }) => /\bt0\([^)]*\) \{ id [^{]*\bf3\b|\bt0 \{ id [^{]*\bf3\b/.test(document));
  expect(findings[0]?.operations?.map(({ name }) => name)).toEqual(users.map(({ name }) => name));
  expect(steps).toEqual([
    'composing 21 subgraphs',
    'comparing schemas',
    ...Array.from({ length: 30 }, (_, index) => `planned ${index + 1} of 30 operations`),
  ]);
}, 60_000);
