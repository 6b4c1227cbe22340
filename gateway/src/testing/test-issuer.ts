import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessTokenType, type Role } from '@app/auth';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Changes to a token for tests of forged ones. */
export interface TokenChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: JWTPayload;
  /** Claims to leave out. */
  readonly without?: readonly string[];
  /** Signs with a key that is not published. */
  readonly foreignKey?: boolean;
}

/** An identity provider with a published key. */
export interface TestIssuer extends AsyncDisposable {
  /** Value for the variable `ISSUERS`. */
  readonly config: string;
  /** How often the keys were fetched. */
  fetches(): number;
  /** From now on the key set is not answered. */
  fail(): void;
  token(roles: readonly Role[], changes?: TokenChanges): Promise<string>;
  /** Headers that carry a token. */
  as(...roles: Role[]): Promise<{ authorization: string }>;
}

/** Starts an identity provider on a free port. */
export async function startTestIssuer(name = 'https://issuer.test'): Promise<TestIssuer> {
  const published = await generateKeyPair('EdDSA');
  const foreign = await generateKeyPair('EdDSA');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(published.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] });
  let fetches = 0;
  let isFailing = false;
  const server = createServer((_request, response) => {
    fetches++;
    if (isFailing) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  const token = (roles: readonly Role[], changes: TokenChanges = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: name,
      aud: 'graph',
      sub: 'usr_1',
      sid: 'ses_1',
      jti: randomUUID(),
      iat: now,
      exp: now + 900,
      roles,
      ...changes.claims,
    };
    const kept = Object.fromEntries(Object.entries(claims).filter(([claim]) => !changes.without?.includes(claim)));
    const header = { alg: 'EdDSA', typ: accessTokenType, kid: 'k1', ...changes.header };
    return new SignJWT(kept).setProtectedHeader(header).sign(changes.foreignKey ? foreign.privateKey : published.privateKey);
  };
  return {
    config: JSON.stringify([{ issuer: name, audience: 'graph', jwksUrl }]),
    fetches: () => fetches,
    fail: () => {
      isFailing = true;
    },
    token,
    as: async (...roles) => ({ authorization: `Bearer ${await token(roles)}` }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
