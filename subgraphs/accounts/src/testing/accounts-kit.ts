import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymous, InternalSigner, type Principal, type Role, userPrincipal } from '@app/auth';
import { createLogger } from '@app/observability';
import { testDatabase, testRedis } from '@app/testing';
import { decodeJwt } from 'jose';
import { startAccounts } from '../app.ts';
import { readConfig } from '../config.ts';

const key = 'key-of-the-accounts-subgraph-in-tests';
const audience = 'accounts';

/** One field of an answer, looked into by the tests that asked for it. */
export interface Field {
  readonly [name: string]: unknown;
}

/** What a GraphQL request answered. */
export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, Field>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Who calls, and from where. */
export interface From {
  readonly principal?: Principal;
  readonly address?: string;
  readonly userAgent?: string;
}

/** A signed-in person of a test. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly principal: Principal;
  readonly refreshToken: string;
}

/** Key ring of the tests: the first key encrypts. */
export const encryptionKeys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

export const password = 'correct horse battery staple';
const sessionFields =
  'account { id status } accessToken accessTokenExpiresAt refreshToken mfaChallenge { id kinds } userErrors { __typename code message path }';

/** The accounts server on its own database and Redis, reached over HTTP as the gateway reaches it. */
export class AccountsKit implements AsyncDisposable {
  /** Added to the clock of the server, in milliseconds. */
  ahead = 0;
  /** SQL of every statement since it was last emptied. */
  readonly statements: string[] = [];
  /** Every line that the server logged at warning or above. */
  readonly log: string[] = [];
  /** Variables of the server, for further processes on the same database and Redis. */
  env: Readonly<Record<string, string>> = {};
  private readonly signer = new InternalSigner(audience, key, 'gateway');
  private running!: Awaited<ReturnType<typeof startAccounts>>;
  private readonly owned = new AsyncDisposableStack();

  static async start({ redis = true, env: more = {} }: { redis?: boolean; env?: Record<string, string> } = {}): Promise<AccountsKit> {
    const kit = new AccountsKit();
    const database = kit.owned.use(await testDatabase('accounts'));
    const redisUrl = redis ? kit.owned.use(await testRedis()).url : undefined;
    const folder = await mkdtemp(join(tmpdir(), 'accounts-'));
    kit.owned.defer(() => rm(folder, { recursive: true }));
    const keyFile = join(folder, 'keys.json');
    await writeFile(keyFile, JSON.stringify({ keys: [makeKey('k1'), makeKey('k0')] }));
    const env = {
      ACCOUNTS_PORT: '0',
      DATABASE_URL_ACCOUNTS: database.url,
      INTERNAL_KEY_ACCOUNTS: key,
      SIGNING_KEYS_FILE: keyFile,
      ENCRYPTION_KEYS: encryptionKeys,
      ...more,
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    };
    kit.env = env;
    const config = readConfig(env);
    const logger = createLogger({ service: 'accounts', level: 'warn', destination: { write: (line: string) => void kit.log.push(line) } });
    const now = () => new Date(Date.now() + kit.ahead);
    kit.running = await startAccounts({ config, logger, now, onQuery: (sql) => void kit.statements.push(sql) });
    return kit;
  }

  get app() {
    return this.running.parts.app;
  }

  get db() {
    return this.running.parts.db;
  }

  /** Durable runs, to look at and to steer. */
  get runs() {
    return this.running.parts.workflows;
  }

  get redis() {
    return this.running.parts.redis;
  }

  get url(): string {
    return `http://localhost:${this.running.server.port}`;
  }

  /** Sends an operation, signed as the gateway does. */
  async ask(query: string, variables: object = {}, { principal = anonymous, address, userAgent }: From = {}): Promise<Answer> {
    const body = JSON.stringify({ query, variables });
    const headers = {
      'content-type': 'application/json',
      ...this.signer.sign(principal, body),
      ...(address !== undefined && { 'x-client-address': address }),
      ...(userAgent !== undefined && { 'x-client-user-agent': userAgent }),
    };
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body });
    return { status: response.status, ...((await response.json()) as { data: Answer['data'] }) };
  }

  /** The one field of a mutation. @throws Error when the answer is a fault. */
  async mutate(query: string, variables: object = {}, from: From = {}): Promise<Field> {
    const { data, errors } = await this.ask(query, variables, from);
    const field = Object.values(data ?? {})[0];
    if (errors || !field) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return field;
  }

  register(email: string, displayName = 'Ada', secret = password): Promise<Field> {
    const query =
      'mutation ($input: AccountRegisterInput!) { accountRegister(input: $input) { accepted userErrors { __typename code path } } }';
    return this.mutate(query, { input: { email, password: secret, displayName } });
  }

  signIn(email: string, secret = password, from: From = {}): Promise<Field> {
    return this.mutate(
      `mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { ${sessionFields} } }`,
      { input: { email, password: secret } },
      from,
    );
  }

  refresh(refreshToken: string): Promise<Field> {
    return this.mutate(`mutation ($input: SessionRefreshInput) { sessionRefresh(input: $input) { ${sessionFields} } }`, {
      input: { refreshToken },
    });
  }

  confirm(token: string): Promise<Field> {
    return this.mutate(`mutation ($input: TokenInput!) { emailVerificationConfirm(input: $input) { ${sessionFields} } }`, {
      input: { token },
    });
  }

  /** The token of the newest mail to somebody. */
  async mailedToken(recipient: string, kind = 'VERIFY_EMAIL'): Promise<string> {
    const mail = await this.db.mail.findFirst({ where: { recipient, kind }, orderBy: { id: 'desc' } });
    return /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  }

  /** Somebody who registered, confirmed their address and is signed in. */
  async person(name: string, ...roles: Role[]): Promise<Person> {
    const email = `${name}@example.com`;
    await this.register(email, name);
    const session = await this.confirm(await this.mailedToken(email));
    const id = (session['account'] as { id: string }).id;
    if (roles.length > 0) await this.db.account.update({ where: { id }, data: { roles: ['CUSTOMER', ...roles] } });
    return { id, email, refreshToken: String(session['refreshToken']), principal: principalOf(String(session['accessToken']), roles) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.server.close();
    await this.running.parts.close();
    await this.owned.disposeAsync();
  }
}

/** Whom the gateway takes the bearer of an access token for; with further roles as if they had come with it. */
export function principalOf(accessToken: string, roles: readonly Role[] = []): Principal {
  const { sub, sid } = decodeJwt(accessToken);
  return userPrincipal(String(sub), String(sid), ['CUSTOMER', ...roles]);
}

/** Codes of the user errors of a payload. */
export function codes(payload: Field): string[] {
  return (payload['userErrors'] as { code: string }[]).map(({ code }) => code);
}

function makeKey(kid: string): object {
  return { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid };
}
