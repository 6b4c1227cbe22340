import { defineWorkflow, done, type Refusal, refused, type Step, type StepContext, waitFor } from '@app/workflow';
import {
  announceDecision,
  checkWaitingText,
  type ModerationDeps,
  type RunOfReview,
  standingOf,
  stopWaiting,
} from '../service/moderation-steps.ts';

/** Sent when there may be something new about the text that a run waits with. */
export const newsSignal = 'news';

/** What a run is given beside its review. */
export interface ModerationInput {
  /** Since when the text waits, ISO 8601. */
  readonly since: string;
}

/** Why there is nothing to decide on any more. */
interface ModerationRefusal extends Refusal {
  readonly reason: 'EDITED' | 'DELETED';
}

type ModerationStep = Step<ModerationDeps, ModerationInput, ModerationRefusal>;
type ModerationContext = StepContext<ModerationDeps, ModerationInput>;

const runOf = ({ runId, subject: reviewId }: ModerationContext): RunOfReview => ({ runId, reviewId });

/** A decision that was quicker than the check is what counts: there is nothing to advise on any more. */
const check: ModerationStep = {
  name: 'check',
  async run(context) {
    return done({ findings: await checkWaitingText(context.deps, runOf(context)) });
  },
};

const awaitDecision: ModerationStep = {
  name: 'await-decision',
  async run(context) {
    const { deps, input } = context;
    const standing = await standingOf(deps.db, runOf(context));
    switch (standing.kind) {
      case 'decided':
        return done({ decision: standing.decision, reasonCode: standing.reasonCode });
      case 'edited':
        return refused({ reason: 'EDITED', message: 'The author has changed the text: another run waits with the new one.' });
      case 'deleted':
        return refused({ reason: 'DELETED', message: 'The author has deleted the review.' });
      case 'waiting':
        return waitFor(remindIfDue(context, new Date(input.since)), newsSignal);
    }
  },
};

/** Alarms when the time is over, each time again, and says when to look next. */
function remindIfDue(context: ModerationContext, since: Date): Date {
  const { remindAfterMs, now, alarm } = context.deps;
  const due = new Date(since.getTime() + remindAfterMs);
  if (now() < due) return due;
  alarm({ ...runOf(context), since });
  return new Date(now().getTime() + remindAfterMs);
}

const announce: ModerationStep = {
  name: 'announce',
  async run({ deps, runId }) {
    await announceDecision(deps, runId);
    return done();
  },
};

/** Takes the text of a review to a moderator's decision: checks it, waits with it, and lets everybody know. */
export const moderateReview = defineWorkflow<ModerationDeps, ModerationInput, ModerationRefusal>({
  name: 'moderate-review',
  version: 1,
  steps: [check, awaitDecision, announce],
  pivot: awaitDecision.name,
  onRefused: (context) => stopWaiting(context.deps, runOf(context)),
});
