import { responseCacheShape } from '@app/cache';
import { integer, oneOf, parseEnv, port, secret, url } from '@app/config';
import { transportShape } from '@app/events';
import { z } from 'zod';

const allowedCurrency = 'allowed is an ISO 4217 code such as EUR';

/** Variables of the server and of the worker. */
export const configShape = {
  PRODUCTS_PORT: port(4002).describe('Port of the products subgraph.'),
  PRODUCTS_RPC_PORT: port(4102).describe('Port on which other services reserve stock and read prices (gRPC).'),
  DATABASE_URL_PRODUCTS: url('postgresql', 'postgres').describe('Database of the products subgraph.'),
  REDIS_URL: url('redis', 'rediss').optional().describe('Redis for the response cache and for events; without it neither is there.'),
  ...responseCacheShape,
  ...transportShape,
  INTERNAL_KEY_PRODUCTS: secret().describe('Key that calls to the products subgraph are signed with.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
  MEDIA_URL: url('http', 'https')
    .optional()
    .describe('Where clients reach the pictures that the products subgraph serves; its own port on localhost unless set.'),
  WORKER_INTERVAL_SECONDS: integer(5, 1, 3_600).describe('Seconds between two rounds of housekeeping (lapsed holds, prices by date).'),
  DEFAULT_CURRENCY: z
    .string({ error: allowedCurrency })
    .regex(/^[A-Z]{3}$/, allowedCurrency)
    .default('EUR')
    .describe('Currency of prices when a client names none; every variant needs a price in it.'),
};

export type ProductsConfig = ReturnType<typeof readConfig>;

/** Reads the configuration. @throws {ConfigError} naming every wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseEnv(configShape, env);
}
