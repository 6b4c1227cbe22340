import { findAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import type { ReviewDecision } from '../domain/review-mail.ts';
import { postMail } from './mails.ts';
import type { AccountsApp } from './ports.ts';

/** A decision about a review by one of ours. */
export interface DecidedReview extends ReviewDecision {
  readonly reviewId: string;
  readonly authorId: string;
}

/** Tells the author of a review by mail what was decided: once for each event. Who has no account any more is left alone. */
export async function tellReviewer(tx: Tx, app: AccountsApp, { authorId, ...decided }: DecidedReview, eventId: string): Promise<void> {
  const author = await findAccount(tx, authorId);
  if (author?.email == null) return;
  await postMail(tx, app, author.email, { kind: 'REVIEW_MODERATED', ...decided }, eventId);
}
