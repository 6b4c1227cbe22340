/** A mail as it goes out. */
export interface OutgoingMail {
  /** Becomes the Message-ID, so that a mail server that gets a mail twice can tell. */
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
}

/** Hands mails over. Rejects with {@link MailRefused} when trying again cannot help, with anything else when it may. */
export interface Mailer {
  send(mail: OutgoingMail): Promise<void>;
}

/** The mail server does not take this mail, now or later: no such mailbox, not acceptable. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** Shows mails instead of sending them: the mailbox of a machine without mail server. Mails carry tokens: not for production. */
export function showMails(show: (mail: OutgoingMail) => void): Mailer {
  return { send: async (mail) => show(mail) };
}
