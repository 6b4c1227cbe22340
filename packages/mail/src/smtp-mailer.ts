import type { CircuitBreakers } from '@app/circuit-breaker';
import { createTransport } from 'nodemailer';
import { type Mailer, MailRefused, type OutgoingMail } from './mailer.ts';

/** Where mails are handed over, and in whose name. */
export interface SmtpSettings {
  /** Such as smtps://user:password@mail.example.com. */
  readonly url: string;
  /** Such as `Shop <no-reply@example.com>`. */
  readonly from: string;
  readonly breakers: CircuitBreakers;
}

/** Hands mails to a mail server through the circuit `smtp`; fails when it does not take them within ten seconds. */
export function createSmtpMailer({ url, from, breakers }: SmtpSettings): Mailer & { close(): void } {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  const hand = async ({ id, recipient, subject, text }: OutgoingMail) => {
    // Not as text, which would be read as a list: `x,victim@example.com` is no mail to a victim.
    const to = { name: '', address: recipient };
    await transport.sendMail({ from, to, subject, text, messageId: `<${id}@${domain}>` });
  };
  return {
    send: (mail) =>
      breakers.execute(() => hand(mail).catch(explain), {
        id: 'smtp',
        failureThreshold: 5,
        monitoringWindowMs: 30_000,
        recoveryTimeoutMs: 5_000,
        timeoutMs: 15_000,
        isFailure: (error) => !(error instanceof MailRefused),
      }),
    close: () => transport.close(),
  };
}

/** RFC 5321, 4.2.1: a reply 5yz is final. That counts for recipient and content; a refused login is ours to mend. */
function explain(error: unknown): never {
  if (error instanceof Error && 'responseCode' in error && 'code' in error) {
    const isAboutMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
    if (isAboutMail && Number(error.responseCode) >= 500) throw new MailRefused(error.message, { cause: error });
  }
  throw error;
}
