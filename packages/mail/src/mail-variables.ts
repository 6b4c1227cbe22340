import type { CircuitBreakers } from '@app/circuit-breaker';
import { oneOf, url } from '@app/config';
import { z } from 'zod';
import { type Mailer, type OutgoingMail, showMails } from './mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

/** Variables of processes that send mails; spread them into the shape of their config.ts. */
export const mailVariables = {
  MAIL_TRANSPORT: oneOf(['console', 'smtp', 'none'], 'console').describe(
    'Where mails go: smtp to SMTP_URL; console writes them to the log, for development; none keeps them waiting in the database.',
  ),
  SMTP_URL: url('smtp', 'smtps').default('smtp://localhost:1025').describe('Mail server, with user and password where it wants them.'),
  MAIL_FROM: z.string().min(3).default('Shop <no-reply@example.com>').describe('Sender of mails.'),
};

/** Values of {@link mailVariables}. */
export interface MailSettings {
  readonly MAIL_TRANSPORT: 'console' | 'smtp' | 'none';
  readonly SMTP_URL: string;
  readonly MAIL_FROM: string;
}

/** The mailer that the settings ask for; null when mails are to wait. `show` gets those of the console. */
export function mailerOf(
  { MAIL_TRANSPORT, SMTP_URL, MAIL_FROM }: MailSettings,
  { breakers, show }: { readonly breakers: CircuitBreakers; readonly show: (mail: OutgoingMail) => void },
): Mailer | null {
  switch (MAIL_TRANSPORT) {
    case 'console':
      return showMails(show);
    case 'smtp':
      return createSmtpMailer({ url: SMTP_URL, from: MAIL_FROM, breakers });
    case 'none':
      return null;
  }
}
