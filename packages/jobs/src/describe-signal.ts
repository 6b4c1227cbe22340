import type { JobSignal } from './job-worker.ts';

/** A signal for the log of a process: how bad it is, in words, and what it is about. */
export interface SignalDescription {
  readonly level: 'debug' | 'warn' | 'error';
  readonly message: string;
  readonly about: Readonly<Record<string, unknown>>;
}

/** Dead jobs are errors, since somebody has to look at them; failed ones are tried again; an absent Redis is told of elsewhere. */
export function describeSignal(signal: JobSignal): SignalDescription {
  switch (signal.kind) {
    case 'error':
      return { level: 'debug', message: 'the queue of jobs is away', about: { err: signal.error } };
    case 'completed':
    case 'discarded':
      return {
        level: 'debug',
        message: `a job was ${signal.kind}`,
        about: { job: signal.job, id: signal.id, durationMs: signal.durationMs },
      };
    case 'failed':
    case 'dead': {
      const about = { err: signal.error, job: signal.job, id: signal.id, attempt: signal.attempt };
      if (signal.kind === 'dead') return { level: 'error', message: 'a job is dead: try it again or discard it', about };
      return { level: 'warn', message: 'a job failed and is tried again', about };
    }
  }
}
