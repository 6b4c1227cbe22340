import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** What the identity provider knows of a person. */
export interface OidcPerson {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

export const clientId = 'shop';
export const clientSecret = 'a-secret-of-the-shop-and-its-provider';
export const redirectUri = 'http://localhost:3000/login/callback';

/** A real OpenID provider (oidc-provider, certified) on this machine, in which people sign in by being named. */
export class OidcServer implements AsyncDisposable {
  /** Who sits at the browser: a key of {@link people}. */
  person = '';
  readonly people: Record<string, OidcPerson> = {};
  private readonly server = createServer((request, response) => this.handle(request, response));
  private provider!: Provider;

  static async start(): Promise<OidcServer> {
    const oidc = new OidcServer();
    await new Promise<void>((resolve) => oidc.server.listen(0, () => resolve()));
    oidc.provider = new Provider(oidc.issuer, oidc.configuration());
    return oidc;
  }

  get issuer(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Follows the redirects of a browser until they lead to the shop; returns that address. */
  async browse(authorizationUrl: string): Promise<string> {
    const cookies = new Map<string, string>();
    let url = authorizationUrl;
    for (let hop = 0; hop < 10 && !url.startsWith(redirectUri); hop += 1) {
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
        cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
      url = new URL(location, url).href;
    }
    return url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(
    request: Parameters<ReturnType<Provider['callback']>>[0],
    response: Parameters<ReturnType<Provider['callback']>>[1],
  ): void {
    if (request.url?.startsWith('/interaction/')) {
      void this.provider.interactionFinished(request, response, { login: { accountId: this.person } });
    } else void this.provider.callback()(request, response);
  }

  private configuration(): Configuration {
    return {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      cookies: { keys: ['cookies-of-the-test'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      pkce: { required: () => true },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.people[id] }) }),
      loadExistingGrant: async ({ oidc }) => {
        const accountId = oidc.session?.accountId;
        const grant = new this.provider.Grant({ clientId, ...(accountId !== undefined && { accountId }) });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    };
  }
}
