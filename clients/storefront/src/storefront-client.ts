import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { authLink } from './auth-link.ts';
import { possibleTypes } from './generated/possible-types.ts';
import { type RetryOptions, retryLink } from './retry-link.ts';
import { Session, type SessionState } from './session.ts';
import { sessionCalls } from './session-calls.ts';
import { memoryTokens, type TokenStore } from './tokens.ts';
import { trustedDocumentsLink } from './trusted-documents-link.ts';

/** What a client is made of. */
export interface StorefrontOptions {
  /** The gateway's GraphQL endpoint. */
  readonly url: string;
  /** Name and version under which the gateway and the registry count this client's operations. */
  readonly name: string;
  readonly version: string;
  /** Where tokens are kept; default: in memory. */
  readonly tokens?: TokenStore;
  readonly retry?: RetryOptions;
  /** Told when somebody signed in, signed out, or has to sign in again. */
  readonly onSessionChange?: (state: SessionState) => void;
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** A client of the storefront and who it acts as. */
export interface Storefront {
  readonly client: ApolloClient;
  readonly session: Session;
  /** Ends what is under way. */
  stop(): void;
}

/**
 * Apollo Client as this shop wants it. The order of work: retry → access token → trusted document → HTTP.
 *
 * The cache is emptied whenever the session changes: what one person saw is not for the next. Signing in and out also ends
 * the queries under way, whose answers would be the former person's.
 */
export function createStorefront(options: StorefrontOptions): Storefront {
  const clientAwareness = { name: options.name, version: options.version };
  const http = new HttpLink({ uri: options.url, ...(options.fetch && { fetch: options.fetch }) });
  const bare = new ApolloClient({
    link: ApolloLink.from([trustedDocumentsLink(), http]),
    cache: new InMemoryCache({ possibleTypes }),
    clientAwareness,
    defaultOptions: { mutate: { fetchPolicy: 'no-cache' } },
  });
  const session = new Session({
    calls: sessionCalls(bare),
    store: options.tokens ?? memoryTokens(),
    now: options.now ?? Date.now,
    onChange: async (state) => {
      await forget(client, state);
      options.onSessionChange?.(state);
    },
  });
  const client = new ApolloClient({
    link: ApolloLink.from([retryLink(options.retry), authLink(session), trustedDocumentsLink(), http]),
    cache: new InMemoryCache({ possibleTypes }),
    clientAwareness,
  });
  const stop = (): void => {
    client.stop();
    bare.stop();
  };
  return { client, session, stop };
}

/** A session that ended by itself did so during a request, which goes on without a token: it is not to be ended too. */
async function forget(client: ApolloClient, { kind }: SessionState): Promise<void> {
  if (kind === 'ended') await client.cache.reset();
  else await client.clearStore();
}
