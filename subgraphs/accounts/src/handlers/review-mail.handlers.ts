import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { ReviewModerated } from '@app/events/catalogue/review.events';
import type { AccountsApp } from '../service/ports.ts';
import { tellReviewer } from '../service/tell-reviewer.ts';
import type { Tx } from '../service/transaction.ts';

/** Older decisions are not mailed: a replay must not write to everybody. */
const freshForMs = 2 * 24 * 60 * 60_000;

/** Reviews' events: what authors are told by mail. */
export class ReviewMailHandlers {
  constructor(private readonly app: AccountsApp) {}

  @EventHandler(ReviewModerated)
  async onModerated({ id, time, data }: ReceivedEvent<DataOf<typeof ReviewModerated>>, tx: Tx): Promise<void> {
    const { reviewId, authorId, decision, reasonCode, isVisible } = data;
    if (authorId === null || this.app.now().getTime() - new Date(time).getTime() > freshForMs) return;
    await tellReviewer(tx, this.app, { reviewId, authorId, decision, reasonCode, isVisible }, id);
  }
}
