import { createServer, type Server } from 'node:net';
import { CircuitBreakers } from '@app/circuit-breaker';
import { afterEach, expect, test } from 'vitest';
import { mailerOf } from './mail-variables.ts';
import { MailRefused, type OutgoingMail } from './mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A mail server that answers a command with the given reply and 250 to everything else; notes in `heard` what it was told. */
async function answering(command: string, reply: string, heard: string[] = []): Promise<string> {
  server = createServer((socket) => {
    socket.write('220 test\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard.push(String(chunk).trim());
      socket.write(`${String(chunk).startsWith(command) ? reply : '250 ok'}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const mail: OutgoingMail = { id: 'eml_1', recipient: 'ada@example.com', subject: 'Hello', text: 'Text' };

async function failureOf(command: string, reply: string): Promise<unknown> {
  const mailer = createSmtpMailer({ url: await answering(command, reply), from: 'no-reply@example.com', breakers: new CircuitBreakers() });
  const failure = await mailer.send(mail).catch((error: unknown) => error);
  mailer.close();
  return failure;
}

test('a recipient that does not exist is refused for good, and counts as no failure of the server', async () => {
  expect(await failureOf('RCPT', '550 no such mailbox')).toBeInstanceOf(MailRefused);
});

test('a full mailbox and a server that closes are worth another try', async () => {
  expect(await failureOf('RCPT', '452 mailbox full')).not.toBeInstanceOf(MailRefused);
  expect(await failureOf('MAIL', '421 closing')).not.toBeInstanceOf(MailRefused);
});

test('a recipient is one mailbox, however it is spelled: no list of others', async () => {
  const heard: string[] = [];
  const url = await answering('DATA', '452 enough', heard);
  const mailer = createSmtpMailer({ url, from: 'no-reply@example.com', breakers: new CircuitBreakers() });
  for (const recipient of ['x,victim@example.com', 'x;victim@example.com', 'x:victim@example.com', 'x<victim@example.com'])
    await mailer.send({ ...mail, recipient }).catch(() => undefined);
  mailer.close();
  expect(heard.filter((line) => line.startsWith('RCPT') && /<victim@/.test(line))).toEqual([]);
});

test('the settings choose the mailer', async () => {
  const shown: OutgoingMail[] = [];
  const options = { breakers: new CircuitBreakers(), show: (each: OutgoingMail) => void shown.push(each) };
  const settings = { SMTP_URL: 'smtp://localhost:1', MAIL_FROM: 'somebody' };
  await mailerOf({ ...settings, MAIL_TRANSPORT: 'console' }, options)?.send(mail);
  expect(shown).toEqual([mail]);
  expect(mailerOf({ ...settings, MAIL_TRANSPORT: 'none' }, options)).toBeNull();
  await expect(mailerOf({ ...settings, MAIL_TRANSPORT: 'smtp' }, options)?.send(mail)).rejects.toThrow('ECONNREFUSED');
});
