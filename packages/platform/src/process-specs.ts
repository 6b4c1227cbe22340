import { join } from 'node:path';
import type { PlatformConfig, SubgraphSettings } from './config.ts';
import { type DemoLogins, demoLogins } from './demo-logins.ts';
import { exists } from './project-layout.ts';
import type { Secrets } from './secrets.ts';
import type { ProcessSpec } from './supervised-process.ts';

/** What processes are started with. */
export interface ProcessSurroundings {
  readonly root: string;
  readonly config: PlatformConfig;
  readonly secrets: Secrets;
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  /** Set when events travel over NATS. */
  readonly natsUrl: string | undefined;
  readonly supergraphFile: string;
  /** Private keys for access tokens; accounts alone gets to know where they are. */
  readonly signingKeysFile: string;
  /** Name under which processes reach a subgraph; `localhost` when all of them share a machine. */
  readonly hostOf: (subgraph: string) => string;
  /** Arguments that let Node run the sources. */
  readonly nodeArgs: readonly string[];
  /** Variables of the machine that processes get as they are (PATH, HOME, …). */
  readonly env: NodeJS.ProcessEnv;
}

/** Which subgraphs one calls directly. It gets their keys and no others: a key lets its holder speak as anybody. */
const CALLS: Readonly<Record<string, readonly string[]>> = { orders: ['products'] };

/** Secrets that encrypt fields, one for each database that has such fields. */
const ENCRYPTION_KEY_NAMES: Readonly<Record<string, string>> = {
  accounts: 'ENCRYPTION_KEY',
  orders: 'ENCRYPTION_KEY_ORDERS',
};

const AUDIENCE = 'supergraph';

/** The operations that the storefront registers; `TRUSTED_DOCUMENTS` decides whether others are served. */
const trustedDocuments = (root: string): string => join(root, 'clients', 'storefront', 'src', 'generated', 'persisted-documents.json');

/** Names of the secrets that every installation has. */
export const secretNames = (subgraphs: readonly { readonly name: string }[]): string[] => [
  'POSTGRES_PASSWORD',
  ...Object.values(ENCRYPTION_KEY_NAMES),
  ...subgraphs.flatMap(({ name }) => [internalKey(name), ownerPassword(name), appPassword(name)]),
];

/** Name of the secret that calls to a subgraph are signed with. */
export const internalKey = (name: string): string => `INTERNAL_KEY_${name.toUpperCase()}`;
/** Name of the password of the role that owns a subgraph's database. */
export const ownerPassword = (name: string): string => `DATABASE_OWNER_PASSWORD_${name.toUpperCase()}`;
/** Name of the password of the role that a subgraph connects as. */
export const appPassword = (name: string): string => `DATABASE_APP_PASSWORD_${name.toUpperCase()}`;

/** The variable with a database's key ring of encrypted fields, where it has some: one key until it is rotated by hand. */
export function encryptionEnv(name: string, secrets: Secrets): NodeJS.ProcessEnv {
  const secret = ENCRYPTION_KEY_NAMES[name];
  return secret === undefined ? {} : { ENCRYPTION_KEYS: `k1:${secrets[secret]}` };
}

/** All processes whose entry file is there: the subgraphs, their workers, the mailbox, the dashboard of jobs, the gateway. */
export async function processSpecs(surroundings: ProcessSurroundings): Promise<ProcessSpec[]> {
  const logins = await demoLogins(surroundings.root);
  const hasDocuments = await exists(trustedDocuments(surroundings.root));
  const candidates = [
    ...surroundings.config.subgraphs.flatMap((subgraph) => [
      subgraphSpec(surroundings, subgraph, 'main'),
      subgraphSpec(surroundings, subgraph, 'worker'),
    ]),
    mailboxSpec(surroundings),
    jobsSpec(surroundings),
    gatewaySpec(surroundings, logins, hasDocuments),
  ];
  const isThere = await Promise.all(candidates.map((spec) => exists(spec.entry)));
  return candidates.filter((_, index) => isThere[index]);
}

/** The processes of one machine reach each other there. */
export const onOneMachine = (): string => 'localhost';

function subgraphSpec(surroundings: ProcessSurroundings, subgraph: SubgraphSettings, kind: 'main' | 'worker'): ProcessSpec {
  const { root, secrets, databaseUrls, config } = surroundings;
  const isMain = kind === 'main';
  const upper = subgraph.name.toUpperCase();
  const origin = `http://localhost:${subgraph.port}`;
  return {
    name: isMain ? subgraph.name : `${subgraph.name}-worker`,
    entry: join(root, 'subgraphs', subgraph.name, 'src', `${kind}.ts`),
    nodeArgs: surroundings.nodeArgs,
    cwd: root,
    ...(isMain && { readyUrl: `${origin}/readyz` }),
    env: {
      ...commonEnv(surroundings),
      PORT: isMain ? String(subgraph.port) : '0',
      RPC_PORT: String(subgraph.rpcPort),
      DATABASE_URL: databaseUrls[subgraph.name],
      INTERNAL_KEY: secrets[internalKey(subgraph.name)],
      ...keysOf([subgraph.name, ...(CALLS[subgraph.name] ?? [])], secrets),
      PUBLIC_URL: `http://localhost:${config.gatewayPort}`,
      // Some read their variables under names of their own, so that one environment can serve all of them.
      [`${upper}_PORT`]: isMain ? String(subgraph.port) : '0',
      [`${upper}_RPC_PORT`]: String(subgraph.rpcPort),
      [`DATABASE_URL_${upper}`]: databaseUrls[subgraph.name],
      ...encryptionEnv(subgraph.name, secrets),
      ...(subgraph.name === 'accounts' && { SIGNING_KEYS_FILE: surroundings.signingKeysFile }),
      ...(MAILING.includes(subgraph.name) && mailEnv(surroundings)),
      ...(subgraph.name === 'orders' && { SANDBOX_URL: `${origin}/sandbox`, REPORT_MAIL_TO: 'admin@example.com' }),
    },
  };
}

function keysOf(names: readonly string[], secrets: Secrets): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [internalKey(name), secrets[internalKey(name)]]));
}

/** Who sends mails, for the queues of jobs that the dashboard shows have the same names. */
export const MAILING: readonly string[] = ['accounts', 'orders'];

function mailEnv({ config }: ProcessSurroundings): NodeJS.ProcessEnv {
  return { MAIL_TRANSPORT: 'smtp', SMTP_URL: `smtp://localhost:${config.mailboxSmtpPort}` };
}

function jobsSpec({ root, config, nodeArgs, env, redisUrl }: ProcessSurroundings): ProcessSpec {
  return {
    name: 'jobs',
    entry: join(root, 'packages', 'jobs', 'bin', 'dashboard.ts'),
    nodeArgs,
    cwd: root,
    env: { ...env, REDIS_URL: redisUrl, JOBS_PORT: String(config.jobsPort), JOB_QUEUES: MAILING.join(',') },
  };
}

function mailboxSpec({ root, config, nodeArgs, env }: ProcessSurroundings): ProcessSpec {
  return {
    name: 'mailbox',
    entry: join(root, 'packages', 'platform', 'bin', 'mailbox.ts'),
    nodeArgs,
    cwd: root,
    readyUrl: `http://localhost:${config.mailboxPort}/`,
    env: { ...env, MAILBOX_PORT: String(config.mailboxPort), MAILBOX_SMTP_PORT: String(config.mailboxSmtpPort) },
  };
}

function gatewaySpec(surroundings: ProcessSurroundings, logins: DemoLogins | undefined, hasDocuments: boolean): ProcessSpec {
  const { root, config, secrets } = surroundings;
  const accounts = config.subgraphs.find(({ name }) => name === 'accounts');
  const jwksUrl = `http://${surroundings.hostOf('accounts')}:${accounts?.port ?? 0}/.well-known/jwks.json`;
  return {
    name: 'gateway',
    entry: join(root, 'gateway', 'src', 'main.ts'),
    nodeArgs: surroundings.nodeArgs,
    cwd: root,
    readyUrl: `http://localhost:${config.gatewayPort}/readyz`,
    env: {
      ...(hasDocuments && { TRUSTED_DOCUMENTS_FILE: trustedDocuments(root) }),
      ...commonEnv(surroundings),
      PORT: String(config.gatewayPort),
      METRICS_PORT: String(config.metricsPort),
      SUPERGRAPH: surroundings.supergraphFile,
      ...(logins && { DEMO_LOGINS: logins.emails.join(','), DEMO_PASSWORD: logins.password }),
      INTERNAL_KEYS: config.subgraphs.map(({ name }) => `${name}=${secrets[internalKey(name)]}`).join(','),
      SUBGRAPH_URLS: config.subgraphs.map(({ name, port }) => `${name}=http://${surroundings.hostOf(name)}:${port}/graphql`).join(','),
      ISSUERS: JSON.stringify([{ issuer: issuer(config), audience: AUDIENCE, jwksUrl }]),
    },
  };
}

/** Tokens name the address that clients know; the gateway shows the issuer's keys there. */
function issuer(config: PlatformConfig): string {
  return `http://localhost:${config.gatewayPort}`;
}

/** What every process gets, among it where the others are. */
function commonEnv({ env, config, redisUrl, natsUrl, hostOf }: ProcessSurroundings): NodeJS.ProcessEnv {
  const ofSubgraphs = config.subgraphs.flatMap(({ name, port, rpcPort }) => {
    const upper = name.toUpperCase();
    return [
      [`${upper}_URL`, `http://${hostOf(name)}:${port}`],
      [`${upper}_RPC_URL`, `http://${hostOf(name)}:${rpcPort}`],
    ];
  });
  return {
    ...env,
    ...Object.fromEntries(ofSubgraphs),
    NODE_ENV: 'development',
    LOG_LEVEL: config.logLevel,
    REDIS_URL: redisUrl,
    EVENT_TRANSPORT: config.eventTransport,
    ...(natsUrl !== undefined && { NATS_URL: natsUrl }),
    TOKEN_ISSUER: issuer(config),
    TOKEN_AUDIENCE: AUDIENCE,
  };
}
