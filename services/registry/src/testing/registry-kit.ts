import { createLogger } from '@app/observability';
import { HttpStore } from '@app/schema-registry';
import { testDatabase } from '@app/testing';
import { type Registry, startRegistry } from '../app.ts';
import { readConfig } from '../config.ts';
import { createToken } from '../data/tokens.ts';

/** A registry on a database of its own, and what tests ask of it. */
export interface RegistryKit extends AsyncDisposable {
  readonly registry: Registry;
  readonly url: string;
  readonly databaseUrl: string;
  readonly logLines: readonly Record<string, unknown>[];
  /** Makes a token of shop@current; all rights unless named. */
  token(rights?: readonly string[], options?: { graph?: string; expiresAt?: Date }): Promise<string>;
  /** The service as a store, with all rights. */
  store(): Promise<HttpStore>;
  /** Sends anything; a body that is no string is sent as JSON. */
  send(method: string, path: string, options?: { token?: string; body?: unknown; headers?: Record<string, string> }): Promise<Reply>;
}

/** What a test reads from an answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body when it is JSON. */
  readonly body: Record<string, unknown>;
  /** `error.code` of the body. */
  readonly code: string | undefined;
}

export const allRights = ['read', 'check', 'report', 'publish:*'] as const;

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])\n';

/** A subgraph as publishers send it. */
export function subgraph(name: string, sdl: string, url = `http://${name}`): { name: string; url: string; sdl: string; file: string } {
  return { name, url, sdl: link + sdl, file: `${name}.graphql` };
}

/** Starts it. `variables` change the configuration. */
export async function startRegistryKit(variables: Readonly<Record<string, string>> = {}): Promise<RegistryKit> {
  await using started = new AsyncDisposableStack();
  const database = started.use(await testDatabase('registry'));
  const logLines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void logLines.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ service: 'registry', level: 'info', destination });
  const config = readConfig({ REGISTRY_PORT: '0', DATABASE_URL_REGISTRY: database.url, ...variables });
  const registry = started.use(await startRegistry({ config, logger }));
  let tokens = 0;
  const token: RegistryKit['token'] = (rights = allRights, { graph = 'shop', expiresAt } = {}) => {
    tokens += 1;
    return createToken(registry.pool, { graph, rights, name: `test-${tokens}`, by: 'tests', ...(expiresAt && { expiresAt }) });
  };
  const all = started.move();
  return {
    registry,
    url: registry.url,
    databaseUrl: database.url,
    logLines,
    token,
    store: async () => new HttpStore({ url: registry.url, token: await token() }),
    send: async (method, path, { token: bearer, body, headers = {} } = {}) => {
      const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
      const response = await fetch(new URL(path, registry.url), {
        method,
        headers: {
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
          ...(!isRaw && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
      });
      return readReply(response);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  const body = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
  const { code } = (body['error'] ?? {}) as { code?: string };
  return { status: response.status, headers: response.headers, text, body, code };
}
