import type { Logger } from '@app/observability';
import { describeEvent, type Observe } from '@app/workflow';

/** Workflow events as log lines; an alarm is an error. */
export function logWorkflows(logger: Logger): Observe {
  return (event) => {
    const { level, message, about } = describeEvent(event);
    logger[level](about, message);
  };
}
