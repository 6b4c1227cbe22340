import { hash } from 'node:crypto';
import { newId } from '@app/database';
import type { Tx } from '../data/client.ts';
import { hasMail, insertMail } from '../data/mails.ts';
import { type ReviewDecision, reviewMail } from '../domain/review-mail.ts';
import type { AccountsApp } from './ports.ts';

/** What a mail is about. The texts are English; their link goes to the shop, which knows the reader's language. */
export type MailKind =
  | { readonly kind: 'VERIFY_EMAIL'; readonly token: string }
  | { readonly kind: 'CONFIRMATION_REMINDER'; readonly token: string }
  | { readonly kind: 'WELCOME'; readonly displayName: string }
  | { readonly kind: 'ALREADY_REGISTERED' }
  | { readonly kind: 'RESET_PASSWORD'; readonly token: string }
  | { readonly kind: 'PASSWORD_CHANGED' }
  | { readonly kind: 'IDENTITY_LINKED'; readonly provider: string }
  | { readonly kind: 'SECOND_FACTOR_ADDED' }
  | { readonly kind: 'SECOND_FACTOR_REMOVED' }
  | { readonly kind: 'ERASURE_REQUESTED'; readonly dueAt: Date }
  | ({ readonly kind: 'REVIEW_MODERATED'; readonly reviewId: string } & ReviewDecision);

/**
 * Writes a mail in the transaction that causes it: what is rolled back is not sent, what is committed is. With a key, made from what the mail
 * is about, it is written once however often it is asked for.
 */
export async function postMail(tx: Tx, app: AccountsApp, recipient: string, mail: MailKind, key?: string): Promise<void> {
  const now = app.now();
  const { subject, text } = compose(app.publicUrl, mail);
  const id = key === undefined ? newId('eml', now.getTime()) : `eml_${hash('sha256', key).slice(0, 32)}`;
  if (key !== undefined && (await hasMail(tx, id))) return;
  await insertMail(tx, { id, recipient, kind: mail.kind, subject, text, createdAt: now });
}

function compose(publicUrl: string, mail: MailKind): { subject: string; text: string } {
  switch (mail.kind) {
    case 'VERIFY_EMAIL':
      return {
        subject: 'Confirm your e-mail address',
        text: `Open this link within 24 hours to confirm your address and sign in:\n${publicUrl}/verify-email?token=${mail.token}\n\nIf you did not register, ignore this mail: nothing happens without the link.`,
      };
    case 'CONFIRMATION_REMINDER':
      return {
        subject: 'Your e-mail address is still to be confirmed',
        text: `You registered yesterday and have not confirmed your address yet. Open this link within 24 hours to do so and sign in:\n${publicUrl}/verify-email?token=${mail.token}\n\nIf you did not register, ignore this mail: nothing happens without the link.`,
      };
    case 'WELCOME':
      return {
        subject: 'Welcome',
        text: `Hello ${mail.displayName},\n\nyour account is ready. Sign in at ${publicUrl}/sign-in; your orders, addresses and reviews are kept there.`,
      };
    case 'ALREADY_REGISTERED':
      return {
        subject: 'You already have an account',
        text: `Somebody, probably you, tried to register with this address, which already has an account. Sign in at ${publicUrl}/sign-in, or choose a new password there.`,
      };
    case 'RESET_PASSWORD':
      return {
        subject: 'Choose a new password',
        text: `Open this link within 24 hours to choose a new password:\n${publicUrl}/reset-password?token=${mail.token}\n\nIf you did not ask for it, ignore this mail: your password stays as it is.`,
      };
    case 'PASSWORD_CHANGED':
      return {
        subject: 'Your password was changed',
        text: `The password of your account was changed, and all other sessions were signed out. If that was not you, choose a new one at ${publicUrl}/reset-password.`,
      };
    case 'IDENTITY_LINKED':
      return {
        subject: 'There is a new way to sign in to your account',
        text: `An account with ${mail.provider} can sign in to your account from now on. If that was not you, choose a new password at ${publicUrl}/reset-password, which ends all sessions, then take ${mail.provider} away from your account.`,
      };
    case 'SECOND_FACTOR_ADDED':
      return {
        subject: 'Signing in asks for a code from now on',
        text: `An authenticator app was set up for your account: signing in asks for a code of it from now on. If that was not you, choose a new password at ${publicUrl}/reset-password, which ends all sessions, and write to our support.`,
      };
    case 'SECOND_FACTOR_REMOVED':
      return {
        subject: 'Signing in asks for no code any more',
        text: `Our support took the authenticator app off your account, since it was reported lost, and all sessions were signed out. Sign in with your password at ${publicUrl}/sign-in and set up a new one. If it was not you who reported it, choose a new password at ${publicUrl}/reset-password, which ends all sessions, and write to our support.`,
      };
    case 'REVIEW_MODERATED':
      return reviewMail(mail, `${publicUrl}/reviews/${mail.reviewId}`);
    case 'ERASURE_REQUESTED':
      return {
        subject: 'Your account will be erased',
        text: `Your account and your personal data will be erased on ${mail.dueAt.toISOString().slice(0, 10)}. Until then you can sign in at ${publicUrl}/sign-in and cancel.`,
      };
  }
}
