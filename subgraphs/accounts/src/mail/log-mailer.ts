import type { Logger } from '@app/observability';

/** Writes mails to the log: the mailbox of a development machine. Not for production, since mails carry tokens. */
export class LogMailer {
  constructor(private readonly logger: Logger) {}

  send(mail: { recipient: string; subject: string; text: string }): Promise<void> {
    this.logger.info({ mail }, `mail to ${mail.recipient}: ${mail.subject}`);
    return Promise.resolve();
  }
}
