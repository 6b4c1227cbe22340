import { responseCacheShape } from '@app/cache';
import { hidden, integer, list, oneOf, parseEnv, port, secret, url } from '@app/config';
import { KeyRing } from '@app/database';
import { transportShape } from '@app/events';
import { mailVariables } from '@app/mail';
import { z } from 'zod';

const oidcProvider = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  name: z.string().min(1),
  issuer: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});

const oidcProviders = z
  .string()
  .default('[]')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('allowed is a JSON list of { id, name, issuer, clientId, clientSecret }');
      return z.NEVER;
    }
  })
  .pipe(z.array(oidcProvider, { error: 'allowed is a JSON list of { id, name, issuer, clientId, clientSecret }' }));

/** Variables of the server and of the worker. */
export const configShape = {
  ACCOUNTS_PORT: port(4001).describe('Port of the accounts subgraph.'),
  DATABASE_URL_ACCOUNTS: url('postgresql', 'postgres').describe('Database of the accounts subgraph.'),
  REDIS_URL: url('redis', 'rediss')
    .optional()
    .describe(
      'Redis for response cache, throttling, revocations and jobs; without it each process counts for itself, and mails are sent without a queue.',
    ),
  ...responseCacheShape,
  ...transportShape,
  INTERNAL_KEY_ACCOUNTS: secret().describe('Key that calls to the accounts subgraph are signed with.'),
  ENCRYPTION_KEYS: z
    .string({ error: KeyRing.form })
    .refine(KeyRing.isValid, KeyRing.form)
    .describe('Keys that encrypt addresses and second factors, `id:base64,id:base64`, 32 bytes each; the first encrypts, all decrypt.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
  PUBLIC_URL: url('http', 'https').default('http://localhost:4000').describe('Address of the shop, for links in mails.'),
  SIGNING_KEYS_FILE: z
    .string({ error: 'allowed is the path of a JSON file' })
    .min(1)
    .describe('Private JWK set (Ed25519); the first key signs, all are published. The file is followed: keys rotate without a restart.'),
  TOKEN_ISSUER: url('http', 'https').default('http://localhost:4000').describe('Issuer that access tokens name.'),
  TOKEN_AUDIENCE: z.string().min(1).default('supergraph').describe('Audience that access tokens name.'),
  OIDC_PROVIDERS: hidden(oidcProviders).describe(
    'OpenID providers to sign in with: a JSON list of { id, name, issuer, clientId, clientSecret }.',
  ),
  LOGIN_REDIRECT_URIS: list(['http://localhost:3000/login/callback', 'http://localhost:5173/login/callback']).describe(
    'Pages that identity providers may send people back to; exact addresses.',
  ),
  HASHING_CONCURRENCY: integer(2, 1, 64).describe('Passwords hashed at the same time; each takes a core and 19 MiB.'),
  ...mailVariables,
  WORKER_INTERVAL_SECONDS: integer(5, 1, 3_600).describe('Seconds between two rounds of the worker.'),
};

export type AccountsConfig = ReturnType<typeof readConfig>;

/** Reads the configuration. @throws {ConfigError} naming every wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseEnv(configShape, env);
}
