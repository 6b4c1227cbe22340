import { withTx } from '@app/database';
import { defineWorkflow, done, type Refusal, refused, type Step, type StepContext, waitFor } from '@app/workflow';
import { findAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import { findOpenEmailTokens } from '../data/email-tokens.ts';
import { makeEmailLink } from '../service/email-link.ts';
import { postMail } from '../service/mails.ts';
import type { AccountsApp } from '../service/ports.ts';

const hourMs = 60 * 60 * 1000;
/** Before the first link is too old (24 hours). */
const remindAfterMs = 20 * hourMs;
const giveUpAfterMs = 30 * 24 * hourMs;

/** Sent when an address was confirmed, in whatever way. */
export const confirmedSignal = 'confirmed';

interface OnboardingRefusal extends Refusal {
  readonly reason: 'ACCOUNT_GONE' | 'NEVER_CONFIRMED';
}

type OnboardingStep = Step<AccountsApp, unknown, OnboardingRefusal>;
type OnboardingContext = StepContext<AccountsApp, unknown>;

/** How somebody's address stands. */
type Standing = { readonly kind: 'confirmed' } | { readonly kind: 'open'; readonly since: Date } | { readonly kind: 'gone' };

async function standingOf({ deps, subject }: OnboardingContext): Promise<Standing> {
  const account = await findAccount(deps.db, subject);
  if (account === null || account.email === null) return { kind: 'gone' };
  return account.status === 'PENDING_VERIFICATION' ? { kind: 'open', since: account.createdAt } : { kind: 'confirmed' };
}

const gone = refused<OnboardingRefusal>({ reason: 'ACCOUNT_GONE', message: 'The account was erased.' });

/** Waits until the address is confirmed, at most this long after the registration; its output says whether it was. */
function awaitConfirmation(name: string, afterMs: number): OnboardingStep {
  return {
    name,
    async run(context) {
      const standing = await standingOf(context);
      if (standing.kind === 'gone') return gone;
      if (standing.kind === 'confirmed') return done(true);
      const until = new Date(standing.since.getTime() + afterMs);
      return context.deps.now() < until ? waitFor(until, confirmedSignal) : done(false);
    },
  };
}

/**
 * One more mail with one more link, which brings what the registration had chosen. Threat: a stranger registers the address too, and the link
 * brings their password. Consequence: where several links are open nobody is reminded.
 */
const remind: OnboardingStep = {
  name: 'remind',
  async run({ deps, subject, outputs, runId }) {
    if (outputs['await-confirmation'] === true) return done();
    await withTx(deps.db, async (tx: Tx) => {
      const account = await findAccount(tx, subject);
      const [open, ...others] = await findOpenEmailTokens(tx, subject, 'VERIFY_EMAIL', deps.now());
      if (account?.email == null || account.status !== 'PENDING_VERIFICATION' || open === undefined || others.length > 0) return;
      const { passwordHash, displayName, locale } = open;
      const choices = { ...(passwordHash !== null && { passwordHash }), ...(displayName !== null && { displayName }), locale };
      const token = await makeEmailLink(tx, { accountId: subject, purpose: 'VERIFY_EMAIL', ...choices }, deps.now());
      await postMail(tx, deps, account.email, { kind: 'CONFIRMATION_REMINDER', token }, `${runId}-reminder`);
    });
    return done();
  },
};

const insist: OnboardingStep = {
  name: 'insist',
  async run({ outputs }) {
    if (outputs['await-confirmation'] === true || outputs['await-late-confirmation'] === true) return done();
    return refused({ reason: 'NEVER_CONFIRMED', message: 'The address was not confirmed within 30 days.' });
  },
};

const welcome: OnboardingStep = {
  name: 'welcome',
  async run({ deps, subject, runId }) {
    await withTx(deps.db, async (tx: Tx) => {
      const account = await findAccount(tx, subject);
      if (account?.email == null) return;
      await postMail(tx, deps, account.email, { kind: 'WELCOME', displayName: account.displayName }, `${runId}-welcome`);
    });
    return done();
  },
};

/** Somebody registered: reminds them once of the link that confirms their address, and welcomes them when they used one. */
export const onboardAccount = defineWorkflow<AccountsApp, unknown, OnboardingRefusal>({
  name: 'onboard-account',
  version: 1,
  steps: [
    awaitConfirmation('await-confirmation', remindAfterMs),
    remind,
    awaitConfirmation('await-late-confirmation', giveUpAfterMs),
    insist,
    welcome,
  ],
  pivot: 'insist',
});
