import { startMailbox } from '../src/mailbox/mailbox.ts';

/** The mailbox of a development machine; see `MAILBOX_SMTP_PORT` and `MAILBOX_PORT`. */
const mailbox = await startMailbox({
  smtpPort: Number(process.env['MAILBOX_SMTP_PORT'] ?? 1025),
  webPort: Number(process.env['MAILBOX_PORT'] ?? 8025),
});
process.stdout.write(`mails are shown at ${mailbox.webUrl}\n`);
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void mailbox.stop().then(() => process.exit(0)));
