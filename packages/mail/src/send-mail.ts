import { defineJob, HopelessJob, handle, type JobHandler, type JobQueue } from '@app/jobs';
import { z } from 'zod';
import { deliverMail, discardMail, type MailDatabase, mailsToOffer, markOffered, waitingMails } from './mail-table.ts';
import { type Mailer, MailRefused } from './mailer.ts';

/** Sends one row of the mail table. Tried for about a day: mail servers come back. A try lasts as long as a mail server may take to answer. */
export const sendMail = defineJob('send-mail', {
  schema: z.strictObject({ mailId: z.string().min(1) }),
  attempts: 110,
  backoff: { baseMs: 2_000, maxMs: 900_000 },
  timeoutMs: 660_000,
});

const OFFERED_AT_ONCE = 200;

/** Puts waiting mails into the queue; call it often. The row's id is the job's, so one that is in already is not put in twice. */
export async function offerMails(db: MailDatabase, queue: JobQueue): Promise<void> {
  const ids = await mailsToOffer(db, OFFERED_AT_ONCE);
  if (ids.length === 0) return;
  await queue.enqueueAll(
    sendMail,
    ids.map((mailId) => ({ id: mailId, data: { mailId } })),
  );
  await markOffered(db, ids);
}

/** What a worker does with `send-mail`. A mail that the server refuses for good is dead at once. */
export function mailHandler(db: MailDatabase, mailer: Mailer): JobHandler {
  return handle(
    sendMail,
    async ({ mailId }) => {
      const delivery = await deliverMail(db, mailer, mailId).catch((error: unknown) => {
        throw error instanceof MailRefused ? new HopelessJob(error.message, { cause: error }) : error;
      });
      if (delivery === 'busy') throw new Error('another process sends this mail, or died while it did');
    },
    ({ mailId }) => discardMail(db, mailId),
  );
}

/**
 * Sends waiting mails without a queue, for installations without Redis. A mail that fails holds up no others: it is tried again behind them, or
 * given up when it is refused for good. Rejects with the first failure when all were tried.
 */
export async function sendWaitingMails(db: MailDatabase, mailer: Mailer): Promise<void> {
  const failures: unknown[] = [];
  for (const id of await waitingMails(db, OFFERED_AT_ONCE)) {
    try {
      await deliverMail(db, mailer, id);
    } catch (error) {
      failures.push(error);
      if (error instanceof MailRefused) await discardMail(db, id);
      else await markOffered(db, [id]);
    }
  }
  if (failures.length > 0) throw failures[0];
}
