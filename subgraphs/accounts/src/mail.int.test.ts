import { CircuitBreakers } from '@app/circuit-breaker';
import { createSmtpMailer } from '@app/mail';
import { startMailbox } from '@app/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRound } from './service/worker-round.ts';
import { AccountsKit } from './testing/accounts-kit.ts';

let kit: AccountsKit;
beforeAll(async () => {
  kit = await AccountsKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());

test('a mail waits while the mail server is away, and arrives once when it is back', async () => {
  await kit.register('ada@example.com');
  const away = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: 'Shop <no-reply@example.com>', breakers: new CircuitBreakers() });
  const errors: unknown[] = [];
  await runRound(kit.app, { mails: away, onError: (error) => errors.push(error) });
  away.close();
  expect(String(errors[0])).toContain('ECONNREFUSED');
  const mailbox = await startMailbox({ smtpPort: 0, webPort: 0 });
  const mailer = createSmtpMailer({ url: mailbox.smtpUrl, from: 'Shop <no-reply@example.com>', breakers: new CircuitBreakers() });
  try {
    const round = () => runRound(kit.app, { mails: mailer, onError: (error) => errors.push(error) });
    await round();
    await round();
    const mails = (await (await fetch(`${mailbox.webUrl}/mails.json`)).json()) as { recipients: string[]; text: string }[];
    expect(mails.map(({ recipients }) => recipients)).toEqual([['ada@example.com']]);
    const token = /token=([\w-]+)/.exec(mails[0]?.text ?? '')?.[1] ?? '';
    expect(await kit.confirm(token)).toMatchObject({ account: { status: 'ACTIVE' } });
    expect(errors).toHaveLength(1);
  } finally {
    mailer.close();
    await mailbox.stop();
  }
});
