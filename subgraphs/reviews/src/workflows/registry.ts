import type { AnyWorkflow } from '@app/workflow';
import type { ModerationDeps } from '../service/moderation-steps.ts';
import { moderateReview } from './moderate-review.ts';

/** Every workflow. A changed one counts its version up; the old version stays in this list until no run of it is left. */
export const workflows: readonly AnyWorkflow<ModerationDeps>[] = [moderateReview];
