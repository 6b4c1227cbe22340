import type { Logger } from '@app/observability';
import type { WorkflowEvent } from '@app/workflow';

/** Workflow events as log lines; an alarm is an error. */
export function logWorkflows(logger: Logger): (event: WorkflowEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'alarm':
        return logger.error({ err: event.error, ...named(event), status: event.status }, 'a run needs somebody to look');
      case 'failed':
        return logger.warn({ err: event.error, ...named(event), failures: event.failures }, 'a step failed and is tried again');
      case 'taken-over':
        return logger.warn({ executor: event.executor, runs: event.runs }, 'the runs of a dead instance were taken over');
      case 'unserved':
        return logger[event.runs > 0 ? 'error' : 'info'](
          { workflow: event.workflow, runs: event.runs },
          'runs that wait for a definition which no instance has',
        );
      case 'trouble':
        return logger.warn({ err: event.error, where: event.where }, 'workflows had trouble in the background');
      case 'engine':
        return event.level === 'error' || event.level === 'warn' ? logger.warn({ said: event.message }, 'DBOS warns') : undefined;
      case 'ended':
        return event.status === 'FAILED' ? logger.error(named({ ...event, step: null }), 'a run was given up') : undefined;
      case 'attempted':
        return undefined;
    }
  };
}

function named({ runId, workflow, step }: { readonly runId: string; readonly workflow: string; readonly step: string | null }) {
  return { runId, workflow, step };
}
