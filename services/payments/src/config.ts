import { integer, oneOf, parseEnv, port, secret, url } from '@app/config';
import { transportShape } from '@app/events';

/** Variables of the server and of the worker. */
export const configShape = {
  PAYMENTS_PORT: port(4005).describe('HTTP port of payments: webhooks of providers, and the page of the sandbox.'),
  PAYMENTS_RPC_PORT: port(4105).describe('Port of payments for calls between services.'),
  DATABASE_URL_PAYMENTS: url('postgresql', 'postgres').describe('Database of payments.'),
  REDIS_URL: url('redis', 'rediss').optional().describe('Redis for events; without it none are sent.'),
  ...transportShape,
  INTERNAL_KEY_PAYMENTS: secret().describe('Key that calls to payments are signed with.'),
  PAYMENTS_WEBHOOK_SECRET: secret().describe('Secret that webhooks of the provider are signed with.'),
  PAYMENTS_URL: url('http', 'https').default('http://localhost:4005').describe('Where webhooks reach payments.'),
  SANDBOX_URL: url('http', 'https')
    .default('http://localhost:4005/sandbox')
    .describe('Page of the sandbox provider on which customers confirm payments; this server answers it.'),
  SANDBOX_LATE_SECONDS: integer(30, 0, 3_600).describe('How late the sandbox delivers the webhook of tok_webhook_late.'),
  SANDBOX_CONFIRM_SECONDS: integer(2, 0, 3_600).describe('After how long the sandbox confirms tok_confirmed_later.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
};

export type PaymentsConfig = ReturnType<typeof readConfig>;

/** Reads the configuration. @throws {ConfigError} naming every wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseEnv(configShape, env);
}
