import { openTransport, startRelay } from '@app/events';
import { buildParts } from './app.ts';
import { type AccountsConfig, readConfig } from './config.ts';
import { LogMailer } from './mail/log-mailer.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import type { Mailer } from './service/ports.ts';
import { runRounds } from './service/worker-round.ts';

const config = readConfig();
const parts = await buildParts({ config });
const mailer = mailerOf(config);
const rounds = runRounds(parts.app, {
  mailer,
  intervalMs: config.WORKER_INTERVAL_SECONDS * 1000,
  onError: (error) => parts.logger.error({ err: error }, 'a round of the worker failed'),
});
const transport = openTransport(config);
const relay =
  transport === null
    ? null
    : startRelay({
        connection: { connectionString: config.DATABASE_URL_ACCOUNTS },
        source: 'accounts',
        transport,
        observe: (signal) => {
          if (signal.kind === 'failed') parts.logger.warn({ err: signal.error }, 'events could not be relayed');
        },
      });
parts.logger.info('accounts worker is running');

function mailerOf({ MAIL_TRANSPORT, SMTP_URL, MAIL_FROM }: AccountsConfig): Mailer | null {
  switch (MAIL_TRANSPORT) {
    case 'console':
      return new LogMailer(parts.logger);
    case 'smtp':
      return createSmtpMailer({ url: SMTP_URL, from: MAIL_FROM });
    case 'none':
      return null;
  }
}

let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= Promise.all([rounds.stop(), relay?.stop()])
    .then(() => transport?.close())
    .then(() => parts.close())
    .then(() => process.exit(0));
  return stopping;
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop());
