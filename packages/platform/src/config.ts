import { join } from 'node:path';
import { type EnvShape, integer, oneOf, parseEnv, port, url } from '@app/config';
import { z } from 'zod';
import { listServices } from './service-list.ts';
import { type ListedSubgraph, listSubgraphs } from './subgraph-list.ts';

/** Distance between the HTTP port of a subgraph and its port for calls between services. */
const RPC_PORT_OFFSET = 100;

const text = (fallback: string): z.ZodType<string> => z.string().default(fallback);
const optionalUrl = (...protocols: string[]): z.ZodType<string | undefined> => url(...protocols).optional();

const memberShape = (members: readonly ListedSubgraph[]): EnvShape =>
  Object.fromEntries(
    members.flatMap(({ name, port: usual }) => {
      const upper = name.toUpperCase();
      return [
        [`${upper}_PORT`, port(usual).describe(`HTTP port of ${name}.`)],
        [`${upper}_RPC_PORT`, port(usual + RPC_PORT_OFFSET).describe(`Port of ${name} for calls between services.`)],
        [`DATABASE_URL_${upper}`, optionalUrl('postgresql', 'postgres').describe(`Database of ${name}; replaces the embedded one.`)],
      ];
    }),
  );

/** Environment variables of `npm start`, for these subgraphs and services. */
export const platformShape = (members: readonly ListedSubgraph[]): EnvShape => ({
  GATEWAY_PORT: port(4000).describe('HTTP port of the gateway.'),
  GATEWAY_METRICS_PORT: port(9400).describe('Port of the gateway for Prometheus metrics.'),
  MAILBOX_PORT: port(8025).describe('Port of the page that shows the mails of development.'),
  JOBS_PORT: port(8026).describe('Port of the page that shows the queues of jobs in development.'),
  MAILBOX_SMTP_PORT: port(1025).describe('Port on which those mails arrive.'),
  POSTGRES_PORT: port(15_432).describe('Port of the embedded Postgres.'),
  REDIS_PORT: port(16_379).describe('Port of the embedded Redis.'),
  REDIS_URL: optionalUrl('redis', 'rediss').describe('Redis; replaces the embedded one.'),
  EVENT_TRANSPORT: oneOf(['redis', 'nats'], 'redis').describe('What carries events between services.'),
  NATS_PORT: port(14_222).describe('Port of the embedded NATS, which runs for EVENT_TRANSPORT=nats.'),
  NATS_URL: optionalUrl('nats', 'tls').describe('NATS with JetStream; replaces the embedded one.'),
  DATA_DIR: text('.data').describe('Folder for databases, secrets and logs, below the repository unless absolute.'),
  SEED_SCALE: integer(1, 0, 1000).describe('Size of the data of the first start: 1 is 600 products; 0 seeds nothing.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info').describe('Least level that is logged.'),
  ...memberShape(members),
});

/** Addresses of one subgraph. */
export interface SubgraphSettings {
  readonly name: string;
  readonly port: number;
  readonly rpcPort: number;
  /** Set when the database is not the embedded one. */
  readonly databaseUrl: string | undefined;
}

/** Settings of `npm start`. */
export interface PlatformConfig {
  readonly gatewayPort: number;
  readonly metricsPort: number;
  readonly mailboxPort: number;
  readonly mailboxSmtpPort: number;
  readonly jobsPort: number;
  readonly postgresPort: number;
  readonly redisPort: number;
  readonly redisUrl: string | undefined;
  readonly eventTransport: string;
  readonly natsPort: number;
  readonly natsUrl: string | undefined;
  readonly dataDir: string;
  readonly seedScale: number;
  readonly logLevel: string;
  readonly subgraphs: readonly SubgraphSettings[];
  /** Services beside them. */
  readonly services: readonly SubgraphSettings[];
}

/**
 * Reads the settings from environment variables; `root` is the repository, for its subgraphs and for relative folders.
 *
 * @throws PlatformError `WRONG_GRAPH` when supergraph.yaml cannot be read.
 * @throws ConfigError naming every wrong variable, what it was and what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, root: string): PlatformConfig {
  const [subgraphs, services] = [listSubgraphs(root), listServices(root)];
  const values: Record<string, unknown> = parseEnv(platformShape([...subgraphs, ...services]), env);
  const number = (name: string): number => Number(values[name]);
  const string = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const settingsOf = ({ name }: ListedSubgraph): SubgraphSettings => ({
    name,
    port: number(`${name.toUpperCase()}_PORT`),
    rpcPort: number(`${name.toUpperCase()}_RPC_PORT`),
    databaseUrl: string(`DATABASE_URL_${name.toUpperCase()}`),
  });
  const dataDir = string('DATA_DIR') ?? '.data';
  return {
    gatewayPort: number('GATEWAY_PORT'),
    metricsPort: number('GATEWAY_METRICS_PORT'),
    mailboxPort: number('MAILBOX_PORT'),
    mailboxSmtpPort: number('MAILBOX_SMTP_PORT'),
    jobsPort: number('JOBS_PORT'),
    postgresPort: number('POSTGRES_PORT'),
    redisPort: number('REDIS_PORT'),
    redisUrl: string('REDIS_URL'),
    eventTransport: string('EVENT_TRANSPORT') ?? 'redis',
    natsPort: number('NATS_PORT'),
    natsUrl: string('NATS_URL'),
    dataDir: dataDir.startsWith('/') ? dataDir : join(root, dataDir),
    seedScale: number('SEED_SCALE'),
    logLevel: string('LOG_LEVEL') ?? 'info',
    subgraphs: subgraphs.map(settingsOf),
    services: services.map(settingsOf),
  };
}
