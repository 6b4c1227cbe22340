import { InternalSigner, type Principal, type Role, userPrincipal } from '@app/auth';
import { newId } from '@app/database';
import { createLogger } from '@app/observability';
import { testDatabase } from '@app/testing';
import { type ProductsServer, startProducts } from '../app.ts';
import { readConfig } from '../config.ts';

/** Key of the test's own calls. */
export const internalKey = 'products-test-key-'.padEnd(40, 'x');

/** What the subgraph answered. */
export interface Answer {
  readonly data: Record<string, unknown>;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

/** A products subgraph on a database of its own, asked through its real port. */
export interface Harness extends AsyncDisposable {
  readonly server: ProductsServer;
  readonly ownerUrl: string;
  /** SQL statements since the list was emptied. */
  readonly statements: string[];
  /** Lines that were logged. */
  readonly log: string[];
  ask(query: string, variables?: Record<string, unknown>, principal?: Principal): Promise<Answer>;
}

/** A person with these roles. */
export function person(...roles: Role[]): Principal {
  return userPrincipal(newId('usr'), newId('ses'), roles);
}

export const catalogManager = person('CATALOG_MANAGER');

/** Starts it; with Redis when its URL is given. */
export async function startHarness(redisUrl?: string): Promise<Harness> {
  const database = await testDatabase('products');
  const [statements, log]: [string[], string[]] = [[], []];
  const config = readConfig({
    PRODUCTS_PORT: '0',
    PRODUCTS_RPC_PORT: '0',
    DATABASE_URL_PRODUCTS: database.url,
    INTERNAL_KEY_PRODUCTS: internalKey,
    MEDIA_URL: 'http://media.test',
    REDIS_URL: redisUrl,
  });
  const server = await startProducts({
    config,
    logger: createLogger({ service: 'products', destination: { write: (line: string) => void log.push(line) } }),
    onQuery: (sql) => statements.push(sql),
  });
  const signer = new InternalSigner('products', internalKey, 'gateway');
  return {
    server,
    ownerUrl: database.ownerUrl,
    statements,
    log,
    ask: async (query, variables = {}, principal = { kind: 'anonymous' }) => {
      const body = JSON.stringify({ query, variables });
      const headers = { 'content-type': 'application/json', ...signer.sign(principal, body) };
      const response = await fetch(`http://localhost:${server.server.port}/graphql`, { method: 'POST', headers, body });
      return (await response.json()) as Answer;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server.server.close(), server.rpc.close()]);
      await server.parts.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
