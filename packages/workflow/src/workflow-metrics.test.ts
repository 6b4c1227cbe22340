import { createMetrics } from '@app/observability';
import { expect, test } from 'vitest';
import { workflowMetrics } from './workflow-metrics.ts';

test('what a worker does is counted by workflow, step and outcome', async () => {
  const metrics = createMetrics({ service: 'test', process: false });
  const observe = workflowMetrics(metrics);
  const run = { runId: 'r', workflow: 'journey' };
  observe({ kind: 'ended', ...run, status: 'REFUSED', seconds: 0.2, refusal: null });
  observe({ kind: 'attempted', ...run, step: 'pay', isCompensation: false, outcome: 'failed', seconds: 0.1 });
  observe({ kind: 'attempted', ...run, step: 'pay', isCompensation: true, outcome: 'done', seconds: 0.1 });
  observe({ kind: 'alarm', ...run, status: 'STUCK', step: 'pay', error: null });
  observe({ kind: 'taken-over', executor: 'e', runs: 3 });
  observe({ kind: 'unserved', workflow: 'journey@1', runs: 2 });
  observe({ kind: 'engine', level: 'info', message: 'hello' });
  const lines = (await metrics.text()).split('\n');
  const value = (name: string, ...labels: string[]) =>
    lines
      .find((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
      ?.split(' ')
      .at(-1);
  expect(value('workflow_runs_ended_total', 'workflow="journey"', 'status="REFUSED"')).toBe('1');
  expect(value('workflow_run_duration_seconds_count', 'workflow="journey"', 'status="REFUSED"')).toBe('1');
  expect(value('workflow_step_attempts_total', 'step="pay"', 'kind="step"', 'outcome="failed"')).toBe('1');
  expect(value('workflow_step_duration_seconds_count', 'step="pay"', 'kind="compensation"')).toBe('1');
  expect(value('workflow_alarms_total', 'status="STUCK"')).toBe('1');
  expect(value('workflow_takeovers_total')).toBe('3');
  expect(value('workflow_unserved_runs', 'workflow="journey@1"')).toBe('2');
});
