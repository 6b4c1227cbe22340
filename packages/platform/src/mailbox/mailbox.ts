import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { type ReceivedMail, renderMailbox } from './mailbox-page.ts';

/** Ports of the mailbox; 0 takes a free one. */
export interface MailboxOptions {
  readonly smtpPort: number;
  readonly webPort: number;
}

/** A mail server for development: it takes every mail, delivers none, and shows them on a page. */
export interface Mailbox {
  readonly smtpUrl: string;
  readonly webUrl: string;
  stop(): Promise<void>;
}

const maxMails = 200;
const maxBytes = 1024 * 1024;

/** Starts the mail server and its page, on this machine only. The last 200 mails are kept in memory. */
export async function startMailbox({ smtpPort, webPort }: MailboxOptions): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: maxBytes,
    onData: (stream, { envelope }, done) => {
      const recipients = envelope.rcptTo.map(({ address }) => address);
      receive(stream, recipients).then((mail) => {
        mails.unshift(mail);
        mails.length = Math.min(mails.length, maxMails);
        done();
      }, done);
    },
  });
  const web = createServer((request, response) => {
    const isJson = request.url === '/mails.json';
    response.writeHead(200, { 'content-type': isJson ? 'application/json' : 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(isJson ? JSON.stringify(mails) : renderMailbox(mails));
  });
  await Promise.all([listening(smtp.listen(smtpPort, '127.0.0.1')), listening(web.listen(webPort, '127.0.0.1'))]);
  return {
    smtpUrl: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    webUrl: `http://localhost:${(web.address() as AddressInfo).port}`,
    stop: async () => {
      web.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => web.close(() => resolve())),
      ]);
    },
  };
}

async function receive(stream: Readable, recipients: readonly string[]): Promise<ReceivedMail> {
  const { subject = '', text = '' } = await PostalMime.parse(await buffer(stream));
  return { receivedAt: new Date(), recipients, subject, text };
}

function listening(server: { once(event: 'listening' | 'error', listener: (error: Error) => void): unknown }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve());
  });
}
