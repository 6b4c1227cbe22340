import { createTransport } from 'nodemailer';
import type { Mailer, OutgoingMail } from '../service/ports.ts';

/** Where mails are handed over, and in whose name. */
export interface SmtpSettings {
  /** Such as smtps://user:password@mail.example.com. */
  readonly url: string;
  /** Such as `Shop <no-reply@example.com>`. */
  readonly from: string;
}

/** Hands mails to a mail server; fails when it does not take them within ten seconds. */
export function createSmtpMailer({ url, from }: SmtpSettings): Mailer & { close(): void } {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });
  return {
    send: async ({ recipient, subject, text }: OutgoingMail) => void (await transport.sendMail({ from, to: recipient, subject, text })),
    close: () => transport.close(),
  };
}
