import type { PlatformConfig } from './config.ts';
import type { Secrets } from './secrets.ts';
import { membersOf } from './service-list.ts';

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
  /** Subgraphs that run elsewhere, by name, with their GraphQL endpoints; their keys are variables of the machine. */
  readonly remote?: ReadonlyMap<string, string>;
  /** Variables of the machine that processes get as they are (PATH, HOME, …). */
  readonly env: NodeJS.ProcessEnv;
}

/** Whom access tokens are for. */
export const AUDIENCE = 'supergraph';

/** Name of the secret that calls to a subgraph are signed with. */
export const internalKey = (name: string): string => `INTERNAL_KEY_${name.toUpperCase()}`;

/** Tokens name the address that clients know; the gateway shows the issuer's keys there. */
export function issuer(config: PlatformConfig): string {
  return `http://localhost:${config.gatewayPort}`;
}

/** What every process gets, among it where the others are. */
export function commonEnv({ env, config, redisUrl, natsUrl, hostOf }: ProcessSurroundings): NodeJS.ProcessEnv {
  const ofMembers = membersOf(config).flatMap(({ name, port, rpcPort }) => {
    const upper = name.toUpperCase();
    return [
      [`${upper}_URL`, `http://${hostOf(name)}:${port}`],
      [`${upper}_RPC_URL`, `http://${hostOf(name)}:${rpcPort}`],
    ];
  });
  return {
    ...env,
    ...Object.fromEntries(ofMembers),
    NODE_ENV: 'development',
    LOG_LEVEL: config.logLevel,
    REDIS_URL: redisUrl,
    EVENT_TRANSPORT: config.eventTransport,
    ...(natsUrl !== undefined && { NATS_URL: natsUrl }),
    TOKEN_ISSUER: issuer(config),
    TOKEN_AUDIENCE: AUDIENCE,
  };
}
