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

/**
 * RFC 5321, 4.5.3.2.6: a server that has the whole mail gets ten minutes to say so, for it may be looking for viruses; whoever gives up sooner
 * and tries again sends the mail twice.
 */
const ANSWER_WITHIN_MS = 600_000;

/** Hands mails to a mail server through the circuit `smtp`; fails when it does not greet within five seconds or answer within ten minutes. */
export function createSmtpMailer({ url, from, breakers }: SmtpSettings): Mailer & { close(): void } {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: ANSWER_WITHIN_MS,
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
        timeoutMs: 'own',
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
