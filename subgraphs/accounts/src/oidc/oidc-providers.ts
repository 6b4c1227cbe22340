import { CircuitBreakers, guardedFetch } from '@app/circuit-breaker';
import { AppError } from '@app/errors';
import * as oidc from 'openid-client';
import { type AttemptSecrets, type ExternalIdentity, type LoginProviders, LoginRefusedError } from '../service/login-providers.ts';

/** An OpenID provider by its discovery document, such as https://accounts.google.com. */
export interface OidcProviderSettings {
  readonly id: string;
  /** Shown on the button. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Providers and the pages they may send people back to. */
export interface OidcSettings {
  readonly providers: readonly OidcProviderSettings[];
  /** Exact addresses; a prefix would let somebody choose another page of the same host. */
  readonly redirectUris: readonly string[];
  /** Longest wait for a provider in seconds. */
  readonly timeoutSeconds?: number;
  /** Those of the process; circuits of its own unless given. */
  readonly breakers?: CircuitBreakers;
}

/** Sign-in by OpenID Connect: authorization code flow with PKCE, state and nonce. Discovery is read at the first use, and again after a failure. */
export function createOidcProviders({
  providers,
  redirectUris,
  timeoutSeconds = 5,
  breakers = new CircuitBreakers(),
}: OidcSettings): LoginProviders {
  const discovered = new Map<string, Promise<oidc.Configuration>>();
  const configurationOf = (id: string): Promise<oidc.Configuration> => {
    const settings = providers.find((provider) => provider.id === id);
    if (!settings) return Promise.reject(new LoginRefusedError(`there is no provider ${id}`));
    const known = discovered.get(id);
    if (known) return known;
    const ask = guardedFetch(breakers, { id: `sign-in with ${id}`, timeoutMs: timeoutSeconds * 1_000, recoveryTimeoutMs: 5_000 });
    const fresh = discover(settings, { timeoutSeconds, ask });
    discovered.set(id, fresh);
    fresh.catch(() => discovered.delete(id));
    return fresh;
  };
  return {
    list: providers.map(({ id, name }) => ({ id, name })),
    isRedirectAllowed: (uri) => redirectUris.includes(uri),
    newSecrets: (redirectUri) => ({
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
      redirectUri,
    }),
    authorizationUrl: async (id, secrets) => urlFor(await reachable(configurationOf(id)), secrets),
    identify: async (id, callbackUrl, secrets) => identify(await reachable(configurationOf(id)), callbackUrl, secrets),
  };
}

/** How a provider is reached. */
interface Reaching {
  readonly timeoutSeconds: number;
  readonly ask: oidc.CustomFetch;
}

function discover(
  { issuer, clientId, clientSecret }: OidcProviderSettings,
  { timeoutSeconds, ask }: Reaching,
): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  // Only a provider on this very machine, as in tests, may be without TLS.
  const isLocal = url.protocol === 'http:' && url.hostname === 'localhost';
  return oidc.discovery(url, clientId, clientSecret, undefined, {
    timeout: timeoutSeconds,
    execute: isLocal ? [oidc.allowInsecureRequests] : [],
    [oidc.customFetch]: ask,
  });
}

async function urlFor(configuration: oidc.Configuration, { state, nonce, codeVerifier, redirectUri }: AttemptSecrets): Promise<string> {
  const challenge = await oidc.calculatePKCECodeChallenge(codeVerifier);
  const parameters = {
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  return oidc.buildAuthorizationUrl(configuration, parameters).href;
}

async function identify(configuration: oidc.Configuration, callbackUrl: string, secrets: AttemptSecrets): Promise<ExternalIdentity> {
  const url = URL.parse(callbackUrl);
  if (!url || `${url.origin}${url.pathname}` !== secrets.redirectUri)
    throw new LoginRefusedError('the address is not where the person was sent back to');
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, url, {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
    });
    return await identityOf(configuration, tokens);
  } catch (cause) {
    if (isUnreachable(cause)) throw unavailable(cause);
    throw new LoginRefusedError('the provider did not confirm the sign-in', { cause });
  }
}

/** Claims of the ID token; providers that put the address elsewhere are asked at their userinfo endpoint. */
async function identityOf(
  configuration: oidc.Configuration,
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
): Promise<ExternalIdentity> {
  const claims = tokens.claims();
  if (!claims) throw new LoginRefusedError('the provider sent no ID token');
  const hasInfo = claims['email'] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
  const facts: Record<string, unknown> = hasInfo
    ? { ...(await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)) }
    : { ...claims };
  const email = typeof facts['email'] === 'string' ? facts['email'] : null;
  const name = typeof facts['name'] === 'string' ? facts['name'] : null;
  return { subject: claims.sub, email, isEmailVerified: facts['email_verified'] === true, displayName: name };
}

async function reachable(configuration: Promise<oidc.Configuration>): Promise<oidc.Configuration> {
  try {
    return await configuration;
  } catch (cause) {
    if (cause instanceof LoginRefusedError) throw cause;
    throw unavailable(cause);
  }
}

/** No answer, or one of a server in trouble: trying again may help. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return error instanceof TypeError || code === 'OAUTH_TIMEOUT' || error.name === 'TimeoutError';
}

function unavailable(cause: unknown): AppError {
  return new AppError('DOWNSTREAM_UNAVAILABLE', 'The identity provider cannot be reached right now: try again, or sign in another way.', {
    cause,
  });
}
