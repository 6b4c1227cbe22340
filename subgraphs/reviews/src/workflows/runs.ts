import { newId } from '@app/database';
import { currentRequest } from '@app/observability';
import type { WorkflowClient } from '@app/workflow';
import type { ModerationRuns } from '../service/moderation-runs.ts';
import { type ModerationInput, moderateReview, newsSignal } from './moderate-review.ts';

/** Moderation as the use cases see it: one run for each text that an author sends. */
export function runsOf(client: Pick<WorkflowClient, 'start' | 'signal'>): ModerationRuns {
  return {
    async start(tx, reviewId, since) {
      // The review that is written in the same transaction keeps the id: there is one run for each text.
      const id = newId('mod');
      const correlationId = currentRequest()?.requestId;
      const input: ModerationInput = { since: since.toISOString() };
      await client.start(tx, moderateReview.name, { id, subject: reviewId, input, ...(correlationId !== undefined && { correlationId }) });
      return id;
    },
    lookAgain: (tx, runId) => client.signal(tx, runId, newsSignal),
  };
}
