import { withTx } from '@app/database';
import type { Tx } from '../data/client.ts';
import { findWaitingWithoutRun, lockReview, noteModeration } from '../data/reviews.ts';
import { ReviewStatus } from '../domain/vocabulary.ts';
import type { ServiceOptions } from './service-options.ts';

type Options = Pick<ServiceOptions, 'db' | 'now' | 'runs'>;

const pageSize = 100;

/** Starts runs for reviews that were written before there were any, or by a seed. Moderators have their full time from now on. */
export async function startMissingRuns(options: Options, signal: AbortSignal): Promise<void> {
  for (let after = ''; ; ) {
    const ids = await findWaitingWithoutRun(options.db, after, pageSize);
    for (const id of ids) {
      if (signal.aborted) return;
      await withTx(options.db, (tx: Tx) => startMissingRun(tx, id, options));
    }
    if (ids.length < pageSize) return;
    after = ids.at(-1) ?? '';
  }
}

async function startMissingRun(tx: Tx, id: string, { now, runs }: Options): Promise<void> {
  const review = await lockReview(tx, id);
  if (review?.status !== ReviewStatus.PENDING || review.moderationRun !== null) return;
  const moderationRun = await runs.start(tx, id, now());
  await noteModeration(tx, id, { moderationRun });
}
