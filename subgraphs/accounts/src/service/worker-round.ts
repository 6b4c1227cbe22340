import { setTimeout as delay } from 'node:timers/promises';
import { accessTokenTtlSeconds } from '@app/auth';
import { withTx } from '@app/database';
import { deleteExpiredExports } from '../data/data-exports.ts';
import { deleteExpiredEmailTokens } from '../data/email-tokens.ts';
import { deleteSentMails, lockUnsentMails, markMailSent } from '../data/mails.ts';
import { deleteExpiredChallenges } from '../data/mfa.ts';
import { deleteEndedSessions, findRevokedSince } from '../data/sessions.ts';
import { eraseDueAccounts } from './erasure.ts';
import type { AccountsApp, Mailer } from './ports.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** How the worker runs. */
export interface RoundOptions {
  /** Null: mails wait. */
  readonly mailer: Mailer | null;
  readonly intervalMs: number;
  readonly onError: (error: unknown) => void;
}

/** Runs a round, waits, and so on until stopped. `stop` lets a round that is under way finish. */
export function runRounds(app: AccountsApp, options: RoundOptions): { stop(): Promise<void> } {
  const ending = new AbortController();
  const done = keepRunning(app, options, ending.signal);
  return {
    stop: () => {
      ending.abort();
      return done;
    },
  };
}

async function keepRunning(app: AccountsApp, options: RoundOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await runRound(app, options);
    await delay(options.intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Everything that is due now. One task that fails does not keep the others from running. */
export async function runRound(app: AccountsApp, { mailer, onError }: Pick<RoundOptions, 'mailer' | 'onError'>): Promise<void> {
  const now = app.now();
  const tasks = [
    () => (mailer ? sendMails(app, mailer) : Promise.resolve()),
    // Redis may have been away, or lost what was written: gateways hear of recent revocations again.
    async () => app.revocations.announce(await findRevokedSince(app.db, new Date(now.getTime() - accessTokenTtlSeconds * 1000))),
    () => app.denials.collect(),
    () => eraseDueAccounts(app),
    () => deleteEndedSessions(app.db, new Date(now.getTime() - 7 * dayMs)),
    () => deleteExpiredEmailTokens(app.db, now),
    () => deleteExpiredChallenges(app.db, now),
    () => deleteExpiredExports(app.db, now),
    () => deleteSentMails(app.db, new Date(now.getTime() - dayMs)),
  ];
  for (const task of tasks) await task().catch(onError);
}

/** Sends mails that wait. A mail that cannot be sent waits for the next round; one may be sent twice, none is lost. */
export async function sendMails(app: AccountsApp, mailer: Mailer): Promise<void> {
  await withTx(app.db, async (tx) => {
    for (const mail of await lockUnsentMails(tx, 20)) {
      await mailer.send(mail);
      await markMailSent(tx, mail.id, app.now());
    }
  });
}
