import { setTimeout as delay } from 'node:timers/promises';
import { accessTokenTtlSeconds } from '@app/auth';
import type { JobQueue } from '@app/jobs';
import { deleteSettledMails, type Mailer, offerMails, sendWaitingMails } from '@app/mail';
import { deleteExpiredExports } from '../data/data-exports.ts';
import { deleteExpiredEmailTokens } from '../data/email-tokens.ts';
import { deleteExpiredLoginAttempts } from '../data/login-attempts.ts';
import { deleteExpiredChallenges } from '../data/mfa.ts';
import { deleteEndedSessions, findRevokedSince } from '../data/sessions.ts';
import { eraseDueAccounts } from './erasure.ts';
import type { AccountsApp } from './ports.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** How the worker runs. */
export interface RoundOptions {
  /** Where mails go: into a queue of jobs, or straight to a mailer without Redis. Null: mails wait. */
  readonly mails: JobQueue | Mailer | null;
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
export async function runRound(app: AccountsApp, { mails, onError }: Pick<RoundOptions, 'mails' | 'onError'>): Promise<void> {
  const now = app.now();
  const tasks = [
    () => passOn(app, mails),
    // Redis may have been away, or lost what was written: gateways hear of recent revocations again.
    async () => app.revocations.announce(await findRevokedSince(app.db, new Date(now.getTime() - accessTokenTtlSeconds * 1000))),
    () => app.denials.collect(),
    () => eraseDueAccounts(app),
    () => deleteEndedSessions(app.db, new Date(now.getTime() - 7 * dayMs)),
    () => deleteExpiredEmailTokens(app.db, now),
    () => deleteExpiredChallenges(app.db, now),
    () => deleteExpiredLoginAttempts(app.db, now),
    () => deleteExpiredExports(app.db, now),
    () => deleteSettledMails(app.db, new Date(now.getTime() - dayMs)),
  ];
  for (const task of tasks) await task().catch(onError);
}

async function passOn({ db }: AccountsApp, mails: RoundOptions['mails']): Promise<void> {
  if (mails === null) return;
  await ('send' in mails ? sendWaitingMails(db, mails) : offerMails(db, mails));
}
