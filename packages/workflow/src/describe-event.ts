import { type Observe, silent, type WorkflowEvent } from './workflow-event.ts';

/** An event for the log of a process: how bad it is, in words, and what it is about. */
export interface EventDescription {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly about: Readonly<Record<string, unknown>>;
}

/** Alarms are errors, since somebody has to look; what is tried again is a warning. */
export function describeEvent(event: WorkflowEvent): EventDescription {
  switch (event.kind) {
    case 'alarm':
      return {
        level: 'error',
        message: 'a run needs somebody to look',
        about: { err: event.error, status: event.status, ...ofRun(event) },
      };
    case 'failed': {
      const about = { err: event.error, failures: event.failures, ...ofRun(event) };
      return { level: 'warn', message: 'a step failed and is tried again', about };
    }
    case 'taken-over': {
      const { executor, runs } = event;
      return { level: 'warn', message: 'the runs of a dead instance were taken over', about: { executor, runs } };
    }
    case 'unserved': {
      const { workflow, runs } = event;
      return {
        level: runs > 0 ? 'error' : 'info',
        message: 'runs that wait for a definition which no instance has',
        about: { workflow, runs },
      };
    }
    case 'trouble':
      return { level: 'warn', message: 'workflows had trouble in the background', about: { err: event.error, where: event.where } };
    case 'engine':
      return {
        level: event.level === 'error' || event.level === 'warn' ? 'warn' : 'debug',
        message: 'said by DBOS',
        about: { said: event.message },
      };
    case 'ended': {
      const { runId, workflow, status, seconds } = event;
      return { level: status === 'FAILED' ? 'error' : 'debug', message: 'a run ended', about: { runId, workflow, status, seconds } };
    }
    case 'attempted':
      return { level: 'debug', message: `a step was ${event.outcome}`, about: { ...ofRun(event), seconds: event.seconds } };
  }
}

/** The log of a process, as far as events need one. */
export type EventLog = Readonly<Record<EventDescription['level'], (about: object, message: string) => void>>;

/** Passes events on to a log, as {@link describeEvent} words them, and to whoever else wants them. */
export function observeWith(log: EventLog, others: Observe = silent): Observe {
  return (event) => {
    const { level, message, about } = describeEvent(event);
    log[level](about, message);
    others(event);
  };
}

function ofRun({ runId, workflow, step }: { readonly runId: string; readonly workflow: string; readonly step: string | null }) {
  return { runId, workflow, step };
}
