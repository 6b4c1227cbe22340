import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mailbox, startMailbox } from './mailbox.ts';
import { renderMailbox } from './mailbox-page.ts';

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox({ smtpPort: 0, webPort: 0 });
});
afterAll(() => mailbox.stop());

/** Says each line when the server has answered the one before, as SMTP (RFC 5321) wants it. */
function smtp(...lines: string[]): Promise<string> {
  const socket = createConnection(Number(new URL(mailbox.smtpUrl).port), '127.0.0.1');
  const answers: string[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (data) => {
      answers.push(String(data));
      const next = lines.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    });
    socket.on('close', () => resolve(answers.join('')));
    socket.on('error', reject);
  });
}

test('a mail that is sent stands on the page, with its link', async () => {
  expect(await (await fetch(mailbox.webUrl)).text()).toContain('No mail yet');
  const answer = await smtp(
    'HELO test',
    'MAIL FROM:<shop@example.com>',
    'RCPT TO:<ada@example.com>',
    'DATA',
    'Subject: Confirm <you>\r\n\r\nOpen http://localhost:4000/verify-email?token=abc\r\n.',
    'QUIT',
  );
  expect(answer).toContain('354');
  const mails = (await (await fetch(`${mailbox.webUrl}/mails.json`)).json()) as object[];
  expect(mails).toMatchObject([{ recipients: ['ada@example.com'], subject: 'Confirm <you>' }]);
  const page = await (await fetch(mailbox.webUrl)).text();
  expect(page).toContain('Confirm &lt;you&gt;');
  expect(page).toContain('<a href="http://localhost:4000/verify-email?token=abc">');
});

test('what a mail says is text, never markup', () => {
  const page = renderMailbox([
    { receivedAt: new Date(), recipients: ['"><img>'], subject: '<script>', text: '</pre><script>alert(1)</script>' },
  ]);
  expect(page).not.toMatch(/<script>|<img>/);
});

test('a taken port is an error', async () => {
  await expect(startMailbox({ smtpPort: 0, webPort: Number(new URL(mailbox.webUrl).port) })).rejects.toThrow('EADDRINUSE');
});
