import type { Metrics } from '@app/observability';
import type { Observe } from './workflow-event.ts';

/** Steps and runs take milliseconds or, when somebody has to be waited for, days. */
const secondsBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3_600, 86_400];

/**
 * Counts what a worker does: give it to the worker as `observe`. Alarm on `workflow_alarms_total` and on `workflow_unserved_runs`.
 *
 * Series: `workflow_runs_ended_total{workflow,status}`, `workflow_run_duration_seconds{workflow,status}`,
 * `workflow_step_attempts_total{workflow,step,kind,outcome}`, `workflow_step_duration_seconds{workflow,step,kind}`,
 * `workflow_alarms_total{workflow,status}`, `workflow_takeovers_total`, `workflow_unserved_runs{workflow}`.
 */
export function workflowMetrics(metrics: Metrics): Observe {
  const ended = metrics.counter({ name: 'workflow_runs_ended_total', help: 'Runs that ended.', labels: ['workflow', 'status'] });
  const duration = metrics.histogram(
    { name: 'workflow_run_duration_seconds', help: 'From the start of a run to its end.', labels: ['workflow', 'status'] },
    secondsBuckets,
  );
  const stepLabels = ['workflow', 'step', 'kind'] as const;
  const attempts = metrics.counter({
    name: 'workflow_step_attempts_total',
    help: 'Attempts of steps and compensations.',
    labels: [...stepLabels, 'outcome'],
  });
  const step = metrics.histogram({ name: 'workflow_step_duration_seconds', help: 'How long an attempt took.', labels: stepLabels });
  const alarms = metrics.counter({
    name: 'workflow_alarms_total',
    help: 'Runs that somebody must look at: stuck, not to be compensated, or given up.',
    labels: ['workflow', 'status'],
  });
  const takeovers = metrics.counter({ name: 'workflow_takeovers_total', help: 'Runs taken over from instances that died.' });
  const unserved = metrics.gauge({
    name: 'workflow_unserved_runs',
    help: 'Runs that wait for a definition which no living instance has.',
    labels: ['workflow'],
  });
  return (event) => {
    switch (event.kind) {
      case 'ended':
        ended.inc({ workflow: event.workflow, status: event.status });
        return duration.observe({ workflow: event.workflow, status: event.status }, event.seconds);
      case 'attempted': {
        const labels = { workflow: event.workflow, step: event.step, kind: event.isCompensation ? 'compensation' : 'step' };
        attempts.inc({ ...labels, outcome: event.outcome });
        return step.observe(labels, event.seconds);
      }
      case 'alarm':
        return alarms.inc({ workflow: event.workflow, status: event.status });
      case 'taken-over':
        return takeovers.inc({}, event.runs);
      case 'unserved':
        return unserved.set({ workflow: event.workflow }, event.runs);
      default:
        return undefined;
    }
  };
}
