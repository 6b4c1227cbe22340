import { join } from 'node:path';
import type { SubgraphSettings } from './config.ts';
import { gatewaySpec } from './gateway-spec.ts';
import { commonEnv, internalKey, type ProcessSurroundings } from './process-surroundings.ts';
import { exists } from './project-layout.ts';
import type { Secrets } from './secrets.ts';
import type { ProcessSpec } from './supervised-process.ts';

/** Which subgraphs one calls directly. It gets their keys and no others: a key lets its holder speak as anybody. */
const CALLS: Readonly<Record<string, readonly string[]>> = { orders: ['products', 'payments'] };

/** Secrets that encrypt fields, one for each database that has such fields. */
const ENCRYPTION_KEY_NAMES: Readonly<Record<string, string>> = {
  accounts: 'ENCRYPTION_KEY',
  orders: 'ENCRYPTION_KEY_ORDERS',
};

/** Names of the secrets that every installation has. */
export const secretNames = (subgraphs: readonly { readonly name: string }[]): string[] => [
  'POSTGRES_PASSWORD',
  'PAYMENTS_WEBHOOK_SECRET',
  ...Object.values(ENCRYPTION_KEY_NAMES),
  ...subgraphs.flatMap(({ name }) => [internalKey(name), ownerPassword(name), appPassword(name)]),
];

/** Name of the password of the role that owns a subgraph's database. */
export const ownerPassword = (name: string): string => `DATABASE_OWNER_PASSWORD_${name.toUpperCase()}`;
/** Name of the password of the role that a subgraph connects as. */
export const appPassword = (name: string): string => `DATABASE_APP_PASSWORD_${name.toUpperCase()}`;

/** The variable with a database's key ring of encrypted fields, where it has some: one key until it is rotated by hand. */
export function encryptionEnv(name: string, secrets: Secrets): NodeJS.ProcessEnv {
  const secret = ENCRYPTION_KEY_NAMES[name];
  return secret === undefined ? {} : { ENCRYPTION_KEYS: `k1:${secrets[secret]}` };
}

/** All processes whose entry file is there: the subgraphs and services, their workers, the mailbox, the dashboard of jobs, the gateway. */
export async function processSpecs(given: ProcessSurroundings): Promise<ProcessSpec[]> {
  const surroundings = { ...given, secrets: { ...given.secrets, ...remoteKeys(given) } };
  const candidates = [
    ...surroundings.config.subgraphs.flatMap((subgraph) => [
      memberSpec(surroundings, subgraph, { folder: 'subgraphs', kind: 'main' }),
      memberSpec(surroundings, subgraph, { folder: 'subgraphs', kind: 'worker' }),
    ]),
    ...surroundings.config.services.flatMap((service) => [
      memberSpec(surroundings, service, { folder: 'services', kind: 'main' }),
      memberSpec(surroundings, service, { folder: 'services', kind: 'worker' }),
    ]),
    mailboxSpec(surroundings),
    jobsSpec(surroundings),
    await gatewaySpec(surroundings),
  ];
  const isThere = await Promise.all(candidates.map((spec) => exists(spec.entry)));
  return candidates.filter((_, index) => isThere[index]);
}

/** A key of this installation opens nothing elsewhere: the one given for a remote subgraph takes its place. */
function remoteKeys({ remote = new Map(), env }: ProcessSurroundings): Secrets {
  return Object.fromEntries([...remote.keys()].map((name) => [internalKey(name), env[internalKey(name)] ?? '']));
}

/** The processes of one machine reach each other there. */
export const onOneMachine = (): string => 'localhost';

interface Entry {
  readonly folder: 'subgraphs' | 'services';
  readonly kind: 'main' | 'worker';
}

function memberSpec(surroundings: ProcessSurroundings, member: SubgraphSettings, { folder, kind }: Entry): ProcessSpec {
  const { root, secrets, databaseUrls, config } = surroundings;
  const { name } = member;
  const isMain = kind === 'main';
  const upper = name.toUpperCase();
  return {
    name: isMain ? name : `${name}-worker`,
    entry: join(root, folder, name, 'src', `${kind}.ts`),
    nodeArgs: surroundings.nodeArgs,
    cwd: root,
    ...(isMain && { readyUrl: `http://localhost:${member.port}/readyz` }),
    env: {
      ...commonEnv(surroundings),
      PORT: isMain ? String(member.port) : '0',
      RPC_PORT: String(member.rpcPort),
      DATABASE_URL: databaseUrls[name],
      INTERNAL_KEY: secrets[internalKey(name)],
      ...keysOf([name, ...(CALLS[name] ?? [])], secrets),
      PUBLIC_URL: `http://localhost:${config.gatewayPort}`,
      // Some read their variables under names of their own, so that one environment can serve all of them.
      [`${upper}_PORT`]: isMain ? String(member.port) : '0',
      [`${upper}_RPC_PORT`]: String(member.rpcPort),
      [`DATABASE_URL_${upper}`]: databaseUrls[name],
      ...encryptionEnv(name, secrets),
      ...ownEnv(surroundings, member),
    },
  };
}

/** Variables that one of them has and the others have not. */
function ownEnv(surroundings: ProcessSurroundings, { name, port }: SubgraphSettings): NodeJS.ProcessEnv {
  const { secrets, signingKeysFile } = surroundings;
  const mail = MAILING.includes(name) ? mailEnv(surroundings) : {};
  switch (name) {
    case 'accounts':
      return { ...mail, SIGNING_KEYS_FILE: signingKeysFile };
    case 'orders':
      return { ...mail, REPORT_MAIL_TO: 'admin@example.com' };
    case 'payments':
      return { PAYMENTS_WEBHOOK_SECRET: secrets['PAYMENTS_WEBHOOK_SECRET'], SANDBOX_URL: `http://localhost:${port}/sandbox` };
    default:
      return mail;
  }
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
