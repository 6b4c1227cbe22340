import { newId } from '@app/database';
import type { Tx } from '../data/client.ts';
import { insertMail } from '../data/mails.ts';
import type { AccountsApp } from './ports.ts';

/** What a mail is about. The texts are English; their link goes to the shop, which knows the reader's language. */
export type MailKind =
  | { readonly kind: 'VERIFY_EMAIL'; readonly token: string }
  | { readonly kind: 'ALREADY_REGISTERED' }
  | { readonly kind: 'RESET_PASSWORD'; readonly token: string }
  | { readonly kind: 'PASSWORD_CHANGED' }
  | { readonly kind: 'ERASURE_REQUESTED'; readonly dueAt: Date };

/** Writes a mail in the transaction that causes it: what is rolled back is not sent, what is committed is. */
export async function postMail(tx: Tx, app: AccountsApp, recipient: string, mail: MailKind): Promise<void> {
  const now = app.now();
  const { subject, text } = compose(app.publicUrl, mail);
  await insertMail(tx, { id: newId('eml', now.getTime()), recipient, kind: mail.kind, subject, text, createdAt: now });
}

function compose(publicUrl: string, mail: MailKind): { subject: string; text: string } {
  switch (mail.kind) {
    case 'VERIFY_EMAIL':
      return {
        subject: 'Confirm your e-mail address',
        text: `Open this link within 24 hours to confirm your address and sign in:\n${publicUrl}/verify-email?token=${mail.token}\n\nIf you did not register, ignore this mail: nothing happens without the link.`,
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
    case 'ERASURE_REQUESTED':
      return {
        subject: 'Your account will be erased',
        text: `Your account and your personal data will be erased on ${mail.dueAt.toISOString().slice(0, 10)}. Until then you can sign in at ${publicUrl}/sign-in and cancel.`,
      };
  }
}
