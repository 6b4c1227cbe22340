import { currentRequest } from '@app/observability';
import type { WorkflowClient } from '@app/workflow';
import type { Runs } from '../service/deps.ts';

/** Runs as the use cases see them. */
export function runsOf(client: WorkflowClient): Runs {
  return {
    async start(tx, workflow, { id, orderId, input }) {
      const correlationId = currentRequest()?.requestId;
      await client.start(tx, workflow, { id, subject: orderId, input, ...(correlationId !== undefined && { correlationId }) });
    },
    amend: (tx, id, input) => client.amend(tx, id, input),
    signal: (tx, id, signal) => client.signal(tx, id, signal),
    rest: (id, timeoutMs) => client.untilRest(id, { timeoutMs }),
  };
}
