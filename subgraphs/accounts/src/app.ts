import { AnnouncedWrites, connectRedis, type ResponseCacheOptions, responseCache, sayWhatIsOwed } from '@app/cache';
import { createLogger, createMetrics, type Logger, Readiness } from '@app/observability';
import { type SubgraphServer, type SubgraphServerOptions, startSubgraphServer } from '@app/subgraph';
import { connectWorkflows, observeWith, type WorkflowClient } from '@app/workflow';
import type { Redis } from 'ioredis';
import type { AccountsConfig } from './config.ts';
import { type AccountsContext, makeContext } from './context.ts';
import { type Database, openDatabase } from './data/client.ts';
import { recordDenials } from './data/denials.ts';
import { RedisRevocations } from './data/revocations.ts';
import { type LiveSigningKeys, watchSigningKeys } from './data/signing-keys.ts';
import { LocalThrottle } from './data/throttle/local-throttle.ts';
import { FallbackThrottle } from './data/throttle/throttle.ts';
import { userTag } from './domain/user-tag.ts';
import { userTags } from './graph/user.tags.ts';
import { keySetRoute } from './key-set-route.ts';
import { createOidcProviders } from './oidc/oidc-providers.ts';
import { buildAccountsSchema } from './schema.ts';
import { AccessTokenIssuer } from './service/access-token-issuer.ts';
import { PasswordHasher } from './service/password-hasher.ts';
import type { AccountsApp } from './service/ports.ts';
import { onboardingOf } from './workflows/onboarding-runs.ts';
import { workflows } from './workflows/registry.ts';

/** What a process is made of, built by hand, in order. */
export interface Surroundings {
  readonly config: AccountsConfig;
  readonly logger?: Logger;
  readonly now?: () => Date;
  /** Told every SQL statement: tests count them. */
  readonly onQuery?: (sql: string) => void;
}

/** What server and worker share; `close` gives everything back. */
export interface Parts {
  readonly app: AccountsApp;
  readonly db: Database;
  readonly redis: Redis | null;
  /** What caches are told of. */
  readonly writes: AnnouncedWrites;
  readonly keys: LiveSigningKeys;
  readonly workflows: WorkflowClient;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** Opens database and Redis and wires the use cases. */
export async function buildParts({ config, logger: given, now = () => new Date(), onQuery }: Surroundings): Promise<Parts> {
  const logger = given ?? createLogger({ service: 'accounts', level: config.LOG_LEVEL });
  const keys = await watchSigningKeys(config.SIGNING_KEYS_FILE, (error) =>
    logger.error({ err: error }, 'the new signing keys are not usable: the old ones stay'),
  );
  const db = openDatabase(config.DATABASE_URL_ACCOUNTS, {
    applicationName: 'accounts',
    encryptionKeys: config.ENCRYPTION_KEYS,
    ...(onQuery && { onQuery }),
  });
  const onRedisError = (error: unknown) => logger.warn({ err: error }, 'redis is away');
  const redis = config.REDIS_URL === undefined ? null : connectRedis(config.REDIS_URL, onRedisError);
  const clock = () => now().getTime();
  const workflowClient = connectWorkflows({ name: 'accounts', url: config.DATABASE_URL_ACCOUNTS, workflows, observe: observeWith(logger) });
  const writes = new AnnouncedWrites({ redis, subgraph: 'accounts', onError: onRedisError });
  const onDropped = (error: unknown, entry: string) => logger.error({ err: error, entry }, 'a denial could not be put on record');
  const app: AccountsApp = {
    db,
    onboarding: onboardingOf(workflowClient),
    passwords: new PasswordHasher({ concurrency: config.HASHING_CONCURRENCY, queue: 64 }),
    throttle: redis ? new FallbackThrottle(redis, clock) : new LocalThrottle(clock),
    revocations: new RedisRevocations(redis, onRedisError),
    denials: { collect: () => (redis === null ? Promise.resolve() : recordDenials(db, redis, onDropped)) },
    publicAnswers: { forget: (userId) => writes.tell(userId === undefined ? {} : { tags: [userTag(userId)] }) },
    accessTokens: new AccessTokenIssuer(() => keys.current.signing, { issuer: config.TOKEN_ISSUER, audience: config.TOKEN_AUDIENCE }),
    loginProviders: createOidcProviders({ providers: config.OIDC_PROVIDERS, redirectUris: config.LOGIN_REDIRECT_URIS }),
    publicUrl: config.PUBLIC_URL.replace(/\/$/, ''),
    now,
  };
  const close = async () => {
    keys.close();
    writes.close();
    redis?.disconnect();
    await workflowClient.close();
    await db.$disconnect();
  };
  return { app, db, redis, writes, keys, workflows: workflowClient, logger, close };
}

/** A running accounts subgraph. */
export interface AccountsServer {
  readonly parts: Parts;
  readonly server: SubgraphServer;
  readonly readiness: Readiness;
}

/** Starts the server on the configured port. */
export async function startAccounts(surroundings: Surroundings): Promise<AccountsServer> {
  const { config } = surroundings;
  const { schema } = await buildAccountsSchema();
  const parts = await buildParts(surroundings);
  const readiness = new Readiness({ database: async () => void (await parts.db.$queryRaw`SELECT 1`) });
  const metrics = createMetrics({ service: 'accounts' });
  const server = await startSubgraphServer<AccountsContext>(
    {
      name: 'accounts',
      schema,
      internalKey: config.INTERNAL_KEY_ACCOUNTS,
      context: (call) => makeContext(parts.app, call),
      logger: parts.logger,
      readiness,
      metrics,
      plugins: cachePlugins(parts, { metrics, isOn: config.SUBGRAPH_CACHE }),
      routes: { '/.well-known/jwks.json': keySetRoute(() => parts.keys.current.published) },
    },
    config.ACCOUNTS_PORT,
  );
  readiness.ready();
  return { parts, server, readiness };
}

/** Public answers are shared by everybody; what hangs on an Account is never cached (its hints say so). */
function cachePlugins(
  { redis, writes }: Parts,
  options: Pick<ResponseCacheOptions<AccountsContext>, 'metrics' | 'isOn'>,
): NonNullable<SubgraphServerOptions<AccountsContext>['plugins']> {
  if (redis === null) return [sayWhatIsOwed(writes)];
  const principalOf = ({ caller }: AccountsContext) => caller.principal;
  return [sayWhatIsOwed(writes), userTags, responseCache<AccountsContext>({ ...options, redis, name: 'accounts', principalOf, writes })];
}
