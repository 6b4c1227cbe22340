import { createServer, type Server, Socket } from 'node:net';
import { CircuitBreakers } from '@app/circuit-breaker';
import { afterEach, expect, test, vi } from 'vitest';
import { mailerOf } from './mail-variables.ts';
import { MailRefused, type OutgoingMail } from './mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A mail server that answers a command with the given reply and 250 to everything else; notes in `heard` what it was told. */
function answering(command: string, reply: string, heard: string[] = []): Promise<string> {
  return saying(async (said) => {
    heard.push(said.trim());
    return said.startsWith(command) ? reply : '250 ok';
  });
}

/** Answers nothing to what the answer is null to. */
async function saying(answer: (said: string) => Promise<string | null>): Promise<string> {
  server = createServer((socket) => {
    socket.write('220 test\r\n');
    socket.on('error', () => undefined);
    socket.on('data', async (chunk) => {
      const reply = await answer(String(chunk));
      if (reply !== null) socket.write(`${reply}\r\n`);
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

test('a mail server that has a mail gets the ten minutes of RFC 5321 to say so: who asks sooner sends it twice', async () => {
  const [given, taken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let text: string | null = null;
  const url = await saying(async (said) => {
    if (text !== null) text += said;
    else if (!said.startsWith('DATA')) return '250 ok';
    text ??= '';
    if (text === '') return '354 go on';
    if (!text.endsWith('\r\n.\r\n')) return null;
    given.resolve();
    await taken.promise;
    return '250 queued';
  });
  const patience = vi.spyOn(Socket.prototype, 'setTimeout');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const mailer = createSmtpMailer({ url, from: 'no-reply@example.com', breakers: new CircuitBreakers() });
    const sent = mailer.send(mail).then(
      () => 'sent',
      (error: unknown) => error,
    );
    await given.promise;
    await vi.advanceTimersByTimeAsync(590_000);
    taken.resolve();
    expect(await sent).toBe('sent');
    mailer.close();
    const [longest] = patience.mock.calls.map(([ms]) => ms).toSorted((one, other) => other - one);
    expect(longest).toBe(600_000);
  } finally {
    vi.useRealTimers();
    patience.mockRestore();
  }
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
