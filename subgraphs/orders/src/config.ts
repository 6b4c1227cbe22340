import { responseCacheShape } from '@app/cache';
import { integer, oneOf, parseEnv, port, secret, url } from '@app/config';
import { KeyRing } from '@app/database';
import { transportShape } from '@app/events';
import { mailVariables } from '@app/mail';
import { z } from 'zod';

/** Variables of the server and of the worker. */
export const configShape = {
  ORDERS_PORT: port(4004).describe('Port of the orders subgraph; of its worker: where it answers /livez, /readyz and /metrics.'),
  DATABASE_URL_ORDERS: url('postgresql', 'postgres').describe('Database of the orders subgraph.'),
  REDIS_URL: url('redis', 'rediss').optional().describe('Redis for the response cache and for events; without it neither is there.'),
  ...responseCacheShape,
  ...transportShape,
  INTERNAL_KEY_ORDERS: secret().describe('Key that calls to the orders subgraph are signed with.'),
  ENCRYPTION_KEYS: z
    .string({ error: KeyRing.form })
    .refine(KeyRing.isValid, KeyRing.form)
    .describe('Keys that encrypt where people live, `id:base64,id:base64`, 32 bytes each; the first encrypts, all decrypt.'),
  INTERNAL_KEY_PRODUCTS: secret().describe('Key that calls to products are signed with.'),
  PRODUCTS_RPC_URL: url('http', 'https').default('http://localhost:4102').describe('Where products answers gRPC calls.'),
  INTERNAL_KEY_PAYMENTS: secret().describe('Key that calls to payments are signed with.'),
  PAYMENTS_RPC_URL: url('http', 'https').default('http://localhost:4105').describe('Where payments answers gRPC calls.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
  PUBLIC_URL: url('http', 'https')
    .default('http://localhost:4000')
    .describe('Address of the shop, where customers come back to after paying.'),
  ...mailVariables,
  REPORT_MAIL_TO: z.email().optional().describe('Who gets the daily sales report; without it reports are kept in the database only.'),
  DELIVER_AFTER_SECONDS: integer(0, 0, 2_592_000).describe('How long the carrier of development takes; 0 delivers at once.'),
};

export type OrdersConfig = ReturnType<typeof readConfig>;

/** Reads the configuration. @throws {ConfigError} naming every wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseEnv(configShape, env);
}
