import { join } from 'node:path';
import { demoLogins } from './demo-logins.ts';
import { AUDIENCE, commonEnv, internalKey, issuer, type ProcessSurroundings } from './process-surroundings.ts';
import { exists } from './project-layout.ts';
import type { ProcessSpec } from './supervised-process.ts';

/** The gateway of a start: it knows every subgraph, also those that run elsewhere. */
export async function gatewaySpec(surroundings: ProcessSurroundings): Promise<ProcessSpec> {
  const { root, config } = surroundings;
  const logins = await demoLogins(root);
  // The operations that the storefront registers; TRUSTED_DOCUMENTS decides whether others are served.
  const documents = join(root, 'clients', 'storefront', 'src', 'generated', 'persisted-documents.json');
  return {
    name: 'gateway',
    entry: join(root, 'gateway', 'src', 'main.ts'),
    // Node strips the types itself: what tsx adds to each function would cost a tenth of the gateway's time.
    nodeArgs: [],
    cwd: root,
    readyUrl: `http://localhost:${config.gatewayPort}/readyz`,
    env: {
      ...((await exists(documents)) && { TRUSTED_DOCUMENTS_FILE: documents }),
      ...commonEnv(surroundings),
      PORT: String(config.gatewayPort),
      METRICS_PORT: String(config.metricsPort),
      SUPERGRAPH: surroundings.supergraphFile,
      ...(logins && { DEMO_LOGINS: logins.emails.join(','), DEMO_PASSWORD: logins.password }),
      INTERNAL_KEYS: keysOf(surroundings),
      SUBGRAPH_URLS: [...subgraphUrls(surroundings)].map(([name, url]) => `${name}=${url}`).join(','),
      ISSUERS: issuersOf(surroundings),
    },
  };
}

function subgraphUrls({ config, hostOf, remote = new Map() }: ProcessSurroundings): Map<string, string> {
  const local = config.subgraphs.map(({ name, port }): [string, string] => [name, `http://${hostOf(name)}:${port}/graphql`]);
  return new Map([...local, ...remote]);
}

/** A subgraph without a key gets unsigned requests: one that runs elsewhere and whose key nobody gave. */
function keysOf(surroundings: ProcessSurroundings): string {
  const keys = [...subgraphUrls(surroundings).keys()].map((name) => [name, surroundings.secrets[internalKey(name)] ?? '']);
  return keys.flatMap(([name, key]) => (key === '' ? [] : [`${name}=${key}`])).join(',');
}

/** The accounts subgraph issues the tokens. Where it runs elsewhere, ISSUERS or TOKEN_ISSUER of the machine may say whom it names in them. */
function issuersOf({ config, hostOf, remote, env }: ProcessSurroundings): string {
  const elsewhere = remote?.get('accounts');
  const port = config.subgraphs.find(({ name }) => name === 'accounts')?.port ?? 0;
  const origin = elsewhere === undefined ? `http://${hostOf('accounts')}:${port}` : new URL(elsewhere).origin;
  const named = elsewhere === undefined ? issuer(config) : (env['TOKEN_ISSUER'] ?? origin);
  const one = { issuer: named, audience: AUDIENCE, jwksUrl: `${origin}/.well-known/jwks.json` };
  return (elsewhere === undefined ? undefined : env['ISSUERS']) ?? JSON.stringify([one]);
}
