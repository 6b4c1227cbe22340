import { join, resolve } from 'node:path';
import { flag, integer, oneOf, parseEnv, port, proxies, url } from '@app/config';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');

/** Every variable of the registry service. */
export const configShape = {
  REGISTRY_PORT: port(4020).describe('Port of the registry: API, Uplink, usage reports and pages.'),
  REGISTRY_HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for everybody who reaches the machine.'),
  DATABASE_URL_REGISTRY: url('postgresql', 'postgres').describe(
    'Database of the registry. `npm run registry` brings one when this is not set.',
  ),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
  REGISTRY_OPEN_PAGES: flag(false).describe(
    'Whether pages are shown without a token: only where everybody who gets here may read all schemas.',
  ),
  REGISTRY_TRUST_PROXY: proxies().describe(
    'How many proxies in front add to X-Forwarded-For who connected to them; the client address is the one that the first of them added. `true` is one.',
  ),
  MAX_BODY_BYTES: integer(8_388_608, 1_024, 268_435_456).describe('Largest request body of the API.'),
  MAX_REPORT_BYTES: integer(33_554_432, 1_024, 268_435_456).describe('Largest usage report once it is decompressed.'),
  MAX_OPERATIONS: integer(20_000, 1, 1_000_000).describe(
    'Most reported operations kept per graph; further ones are counted as clients only.',
  ),
  MAX_CLIENTS: integer(1_000, 1, 1_000_000).describe(
    'Most clients, by name and version, that are counted by themselves per graph and day; further ones are counted as `other`.',
  ),
  REQUESTS_PER_MINUTE: integer(3_000, 1, 1_000_000).describe('Requests that one address may make per minute.'),
  REQUEST_TIMEOUT_MS: integer(30_000, 1_000, 600_000).describe('Longest time for a request to arrive.'),
  STATEMENT_TIMEOUT_MS: integer(10_000, 100, 600_000).describe('Longest time for one statement of the database.'),
  SCHEMA_WORK_TIMEOUT_MS: integer(60_000, 100, 600_000).describe('Longest time for composing or checking once.'),
  PUBLISH_WAIT_MS: integer(30_000, 100, 600_000).describe('How long a publish waits for another one of the same graph.'),
  LONG_POLL_MAX_SECONDS: integer(60, 1, 600).describe('Longest wait of a gateway for the next supergraph.'),
  UPLINK_MIN_DELAY_SECONDS: integer(10, 1, 3_600).describe('Seconds between two polls that stock gateways are told to keep.'),
  REGISTRY_POSTGRES_PORT: port(15_433).describe('Port of the Postgres that `npm run registry` brings.'),
  DATA_DIR: z.string().default('.data').describe('Folder for that Postgres and its passwords, below the repository unless absolute.'),
  USAGE_RETENTION_DAYS: integer(90, 1, 3_650).describe('Days for which usage and checks are kept.'),
};

export type RegistryConfig = ReturnType<typeof readConfig>;

/** Reads the configuration. @throws {ConfigError} naming every wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseEnv(configShape, env);
}

/** What `npm run registry` and `npm run registry:token` have to know besides. */
export interface EmbeddedConfig {
  readonly root: string;
  /** Folder of the Postgres that is brought along. */
  readonly folder: string;
  readonly postgresPort: number;
  /** Of the service itself. */
  readonly port: number;
  /** A database that is there already. */
  readonly databaseUrl: string | undefined;
  /** Variables for the service: on one's own machine its pages are open. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads that configuration. @throws {ConfigError} naming every wrong variable. */
export function readEmbeddedConfig(env: Readonly<Record<string, string | undefined>> = process.env): EmbeddedConfig {
  const { DATABASE_URL_REGISTRY, ...others } = configShape;
  const values = parseEnv({ ...others, DATABASE_URL_REGISTRY: DATABASE_URL_REGISTRY.optional() }, env);
  const isLocal = env['REGISTRY_HOST'] === undefined;
  return {
    root,
    // npm run reset, which deletes the rest of DATA_DIR, leaves this folder.
    folder: resolve(root, values.DATA_DIR, 'registry'),
    postgresPort: values.REGISTRY_POSTGRES_PORT,
    port: values.REGISTRY_PORT,
    databaseUrl: values.DATABASE_URL_REGISTRY,
    env: { ...(isLocal && { REGISTRY_OPEN_PAGES: 'true' }), ...env },
  };
}
