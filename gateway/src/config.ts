import { readFileSync } from 'node:fs';
import type { Role } from '@app/auth';
import { flag, integer, list, oneOf, parseEnv, port, proxies, url } from '@app/config';
import { z } from 'zod';
import type { Issuer } from './auth/issuers.ts';
import { parseBudgets, parseIssuers, parseJson, parseKeys, parseLabelShares, parseRoleBudgets, parseUrls, wrong } from './config-values.ts';

const nodeEnv = ['development', 'test', 'production'] as const;

/** Every variable of the gateway. `gateway/README.md` shows the table made from it. */
export const configShape = {
  NODE_ENV: oneOf(nodeEnv, 'development').describe(
    '`production` turns off introspection, the landing page and detailed validation messages for anonymous callers.',
  ),
  PORT: port(4000).describe('Port of `/graphql`, `/livez` and `/readyz`.'),
  WORKERS: integer(1, 0, 256).describe(
    'Processes that share the port; 0: one for each core. Metrics are summed. SIGHUP replaces them one by one.',
  ),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on.'),
  METRICS_PORT: port(9400).describe('Port of `/metrics`; not for the public. When it is not set and taken, a free one.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
  SUPERGRAPH: z
    .string()
    .default('gateway/supergraph.graphql')
    .describe('File with the supergraph; watched, and swapped in when it changes.'),
  SUPERGRAPH_URL: url('http', 'https')
    .optional()
    .describe('Address that serves the supergraph, such as `https://registry/supergraph/shop`; followed, and takes the place of the file.'),
  SUPERGRAPH_TOKEN: z.string().optional().describe('Token for that address: of the registry, with the right `read`.'),
  SUPERGRAPH_COPY: z
    .string()
    .optional()
    .describe('File to keep what was served last in, for a start while that address has none that can be served.'),
  SUPERGRAPH_WAIT_SECONDS: integer(30, 0, 600).describe('How long that address may hold back its answer until there is a new supergraph.'),
  SUPERGRAPH_PAUSE_MS: integer(10_000, 10, 3_600_000).describe(
    'Pause between two polls when it does not hold back, and longest after a failure.',
  ),
  USAGE_URL: url('http', 'https')
    .optional()
    .describe('Registry that is told which operations clients send; nothing is reported without it.'),
  USAGE_KEY: z.string().optional().describe('Token for that: of the registry, with the right `report`.'),
  USAGE_GRAPH_REF: z.string().default('supergraph@current').describe('Graph that is reported for.'),
  USAGE_PERCENT: integer(100, 1, 100).describe('Share of requests that are counted for it; each then stands for the others.'),
  USAGE_INTERVAL_MS: integer(10_000, 10, 3_600_000).describe('Time between two reports.'),
  EXECUTOR: oneOf(['compiled', 'stock'], 'compiled').describe(
    '`compiled`: ours. `stock`: the executor of @apollo/gateway, for comparison.',
  ),
  REDIS_URL: url('redis', 'rediss')
    .optional()
    .describe('Redis for rate limits, revocations and persisted queries. Without it each process keeps its own.'),
  INTERNAL_KEYS: list().describe(
    'Keys that sign requests to subgraphs: `accounts=<key>,orders=<key>`. Subgraphs not named get unsigned requests.',
  ),
  SUBGRAPH_URLS: list().describe('Where subgraphs are when not where the supergraph says: `accounts=http://accounts:4001/graphql,…`.'),
  ISSUERS: z
    .string()
    .default('[]')
    .describe(
      'JSON list of accepted token issuers: issuer, audience, jwksUrl; optional algorithms, typ, requiredClaims, maxTokenAgeSeconds, claims.',
    ),
  JWKS_PROXY_URL: url('http', 'https').optional().describe("Key set shown at `/.well-known/jwks.json`. Default: the first issuer's."),
  TOKEN_COOKIE: z
    .string()
    .regex(/^[\w-]+$/)
    .optional()
    .describe('Cookie that may carry the access token when there is no Authorization header.'),
  REVOCATION: oneOf(['open', 'closed'], 'open').describe(
    'When Redis does not answer: `open` trusts the 15 minutes of access tokens, `closed` refuses signed-in requests.',
  ),
  REVOCATION_REMEMBER_MS: integer(2_000, 1, 60_000).describe('How long a revoked session may go on working in one process.'),
  JWKS_COOLDOWN_MS: integer(30_000, 100, 600_000).describe(
    "At most one fetch of an issuer's keys per this long; one a second while none are known.",
  ),
  AUTHORIZATION_MODE: oneOf(['filter', 'reject'], 'filter').describe(
    '`filter`: what the caller may not see is null, with an error. `reject`: the operation is refused.',
  ),
  POLICY_TIMEOUT_MS: integer(250, 1, 10_000).describe('How long a policy may think; later means no.'),
  DEMO_LOGINS: list().describe('E-mail addresses that GraphiQL offers to ask as; never in production.'),
  DEMO_PASSWORD: z.string().default('').describe('Password of the demo logins.'),
  CORS_ORIGINS: list(['http://localhost:3000', 'http://localhost:5173', 'https://studio.apollographql.com']).describe(
    'Origins of the SPAs that may call from browsers.',
  ),
  TRUSTED_DOCUMENTS: oneOf(['off', 'warn', 'enforce'], 'off').describe('Whether only registered operations are served.'),
  TRUSTED_DOCUMENTS_FILE: z.string().optional().describe('JSON file with the registered operations, by id.'),
  REQUEST_TIMEOUT_MS: integer(10_000, 1, 300_000).describe('Deadline of a request.'),
  FETCH_TIMEOUT_MS: integer(5_000, 1, 300_000).describe('Deadline of one call to a subgraph.'),
  PLAN_TIMEOUT_MS: integer(2_000, 1, 60_000).describe('Deadline of planning one operation.'),
  WARM_UP_OPERATIONS: integer(200, 0, 10_000).describe(
    'How many of the operations that are asked for most are planned on a new supergraph before it takes over.',
  ),
  WARM_UP_TIMEOUT_MS: integer(5_000, 0, 120_000).describe('How long a new supergraph waits for that.'),
  PLAN_CACHE_BYTES: integer(67_108_864, 65_536, 4_294_967_296).describe('Memory for compiled plans, per schema.'),
  OVERRIDE_LABELS: list().describe(
    'Percent of requests for which labels of `@override` are active: `move-prices=10,percent(5)=50`. Others: `percent(x)` x, any other 0.',
  ),
  HEDGE_AFTER_MS: integer(0, 0, 60_000).describe(
    'When a fetch of entities that a subgraph has not answered is sent a second time, within a budget; 0 for never.',
  ),
  SHARE_IN_FLIGHT: flag(true).describe(
    'Whether identical queries of one caller under way at the same time are executed once, and identical parts of others reach a subgraph once.',
  ),
  ENTITY_CACHE: flag(false).describe('Whether root fields and entities that subgraphs let be reused (`Cache-Control`) are kept.'),
  RESPONSE_CACHE: flag(false).describe('Whether whole answers are kept for as long as all their subgraphs let them be reused.'),
  STALE_WHILE_REVALIDATE: integer(0, 0, 86_400).describe(
    'Seconds past its time that a kept root field or entity is used while it is asked for anew, where the subgraph does not say (`stale-while-revalidate`).',
  ),
  STALE_IF_ERROR: integer(300, 0, 86_400).describe(
    'Seconds past its time that a kept root field or entity is used when its subgraph is away, where the subgraph does not say (`stale-if-error`).',
  ),
  INVALIDATION_KEY: z
    .string()
    .min(16)
    .optional()
    .describe('What `POST /invalidation` on the metrics port wants in `Authorization`. Without it there is no such path.'),
  CACHE_BYTES: integer(67_108_864, 65_536, 8_589_934_592).describe('Memory of each of these caches in this process; behind it is Redis.'),
  MAX_ANSWER_BYTES: integer(16_777_216, 1_024, 1_073_741_824).describe('Largest answer of a subgraph.'),
  MAX_BODY_BYTES: integer(262_144, 1_024, 104_857_600).describe('Largest request body.'),
  MAX_HEADER_BYTES: integer(16_384, 1_024, 1_048_576).describe('Largest request head.'),
  MAX_BATCH: integer(0, 0, 100).describe('Most operations in one HTTP request; 0 turns batching off.'),
  MAX_TOKENS: integer(5_000, 10, 1_000_000).describe('Most lexical tokens in a document.'),
  MAX_DEPTH: integer(20, 1, 1_000).describe('Deepest selection.'),
  MAX_ALIASES: integer(50, 0, 100_000).describe('Most aliases, fragments written out.'),
  MAX_ROOT_FIELDS: integer(30, 1, 10_000).describe('Most root fields.'),
  MAX_DIRECTIVES: integer(50, 0, 10_000).describe('Most directives, fragments written out.'),
  MAX_SELECTIONS: integer(2_000, 1, 1_000_000).describe('Most selections, fragments written out.'),
  MAX_PAGE_SIZE: integer(100, 1, 10_000).describe('Largest `first` or `last`.'),
  MAX_COST: integer(100_000, 1, 1_000_000_000).describe('Largest static cost of an operation.'),
  DEFAULT_LIST_SIZE: integer(10, 0, 10_000).describe('Items of a list whose size nothing says.'),
  RATE_ANONYMOUS: integer(500_000, 1, 1_000_000_000).describe('Cost units that an address may use at once without signing in.'),
  RATE_USER: integer(2_000_000, 1, 1_000_000_000).describe('Cost units that a signed-in caller may use at once.'),
  RATE_ROLES: list().describe("Budgets of roles when larger than a user's: `SUPPORT=5000000,ADMIN=9000000`."),
  RATE_FIELDS: list().describe('Calls of single root fields that a caller may make at once, aliases counted each: `sessionCreate=20`.'),
  RATE_REFILL_SECONDS: integer(60, 1, 86_400).describe('How long an empty budget takes to fill.'),
  INSPECT_SCOPE: z
    .string()
    .optional()
    .describe('Scope whose holders may see query plans and timings in production (elsewhere everybody may). Without it nobody does.'),
  APOLLO_KEY: z
    .string()
    .optional()
    .describe(
      'Key of a graph: usage is reported to Apollo with traces, through Apollo Server. USAGE_URL is the quicker way, without traces.',
    ),
  APOLLO_GRAPH_REF: z.string().optional().describe('Graph and variant that usage is reported for: `shop@current`.'),
  APOLLO_USAGE_REPORTING_URL: url('http', 'https').optional().describe('Where the reports of APOLLO_KEY go instead of to Apollo.'),
  APOLLO_TRACE_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Share of requests, 0 to 1, that are reported with traces of their resolvers.'),
  EXPOSE_COST: flag(false).describe('Whether answers tell in `extensions.cost` what they cost and what is left of the budget.'),
  TRUST_PROXY: proxies().describe(
    'How many proxies in front add to X-Forwarded-For who connected to them; the client address is the one that the first of them added. `true` is one.',
  ),
  DRAIN_DELAY_MS: integer(0, 0, 60_000).describe('How long after SIGTERM new requests are still taken, for balancers to notice `/readyz`.'),
  DRAIN_TIMEOUT_MS: integer(10_000, 0, 300_000).describe('How long requests in flight may take to finish after that.'),
  OPERATION_CACHE_SIZE: integer(2_000, 1, 1_000_000).describe('Checked operations remembered per schema.'),
  TOKEN_CACHE_SIZE: integer(20_000, 1, 1_000_000).describe('Verified tokens remembered.'),
} as const;

type Variables = ReturnType<typeof parseEnv<typeof configShape>>;

/** The gateway's configuration, checked. */
export interface Config
  extends Omit<Variables, 'ISSUERS' | 'INTERNAL_KEYS' | 'SUBGRAPH_URLS' | 'RATE_ROLES' | 'RATE_FIELDS' | 'OVERRIDE_LABELS'> {
  readonly issuers: readonly Issuer[];
  /** Nobody asked for this metrics port: when it is taken, another will do. */
  readonly isMetricsPortDefault: boolean;
  /** By subgraph name. */
  readonly internalKeys: ReadonlyMap<string, string>;
  /** By subgraph name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** Cost units by role. */
  readonly roleBudgets: ReadonlyMap<Role, number>;
  /** Calls by root field. */
  readonly fieldBudgets: ReadonlyMap<string, number>;
  /** By label of `@override`: the share of requests, 0 to 1, that it is active for. */
  readonly labelShares: ReadonlyMap<string, number>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Options of the command line: `--supergraph FILE`, `--supergraph-url URL`, `--port N`, `--config FILE`. */
export interface CommandLine {
  readonly supergraph?: string | undefined;
  readonly supergraphUrl?: string | undefined;
  readonly port?: string | undefined;
  /** JSON file with variables of {@link configShape}; the environment wins over it. `ISSUERS` may be written as a list. */
  readonly config?: string | undefined;
}

/** Reads the configuration: command line, then environment, then file. @throws {ConfigError} naming every wrong variable. */
export function loadConfig(commandLine: CommandLine = {}, env: Env = process.env): Config {
  const file = commandLine.config === undefined ? {} : readConfigFile(commandLine.config);
  const given: Env = { ...file, ...definedOnly(env), ...optionsOf(commandLine) };
  const { ISSUERS, INTERNAL_KEYS, SUBGRAPH_URLS, RATE_ROLES, RATE_FIELDS, OVERRIDE_LABELS, ...variables } = parseEnv(configShape, given);
  if (variables.USAGE_URL !== undefined && variables.USAGE_KEY === undefined)
    throw wrong('USAGE_KEY', 'USAGE_KEY is not set: USAGE_URL asks for a token with the right to report');
  const isMetricsPortDefault = given['METRICS_PORT'] === undefined;
  return {
    ...variables,
    isMetricsPortDefault,
    issuers: parseIssuers(ISSUERS),
    internalKeys: parseKeys(INTERNAL_KEYS),
    subgraphUrls: parseUrls(SUBGRAPH_URLS),
    roleBudgets: parseRoleBudgets(RATE_ROLES),
    fieldBudgets: parseBudgets('RATE_FIELDS', RATE_FIELDS),
    labelShares: parseLabelShares(OVERRIDE_LABELS),
  };
}

function optionsOf({ supergraph, supergraphUrl, port: portText }: CommandLine): Env {
  return definedOnly({ SUPERGRAPH: supergraph, SUPERGRAPH_URL: supergraphUrl, PORT: portText });
}

/** Apollo's packages read this variable themselves: they tell Apollo nothing, unless the operator sets it to something else. */
export function keepApolloQuiet(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= '1';
}

/** The values of the file as variables. */
function readConfigFile(path: string): Env {
  const content = parseJson('--config', readText(path));
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw wrong('--config', `${path} must hold a JSON object`);
  const unknown = Object.keys(content).find((name) => !Object.hasOwn(configShape, name));
  if (unknown !== undefined) throw wrong(unknown, `${path} sets ${unknown}, which is not a variable of the gateway`);
  return Object.fromEntries(Object.entries(content).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw wrong('--config', `${path} cannot be read: ${String(cause)}`);
  }
}

function definedOnly(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
