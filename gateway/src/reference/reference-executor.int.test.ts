import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { expect, test, vi } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';
import { stripSecurity } from './strip-security.ts';

const guarded: SubgraphSource = {
  sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [{ name: "@authenticated", as: "@login" }, "@requiresScopes", "@policy"])
    type Query { open: String  mine: String @login  staff: String @policy(policies: [["staff"]])  orders: String @requiresScopes(scopes: [["orders:read"]]) }`,
  resolvers: { Query: { open: () => 'open', mine: () => 'mine', staff: () => 'staff', orders: () => 'orders' } },
};

test('the reference executor serves entities, partial data and a schema with security directives', async () => {
  await using graph = await startTestGateway({ ...shop, guarded }, { EXECUTOR: 'stock' });
  expect((await graph.ask('{ open product(id: "1") { name reviews { stars } } }')).data).toEqual({
    open: 'open',
    product: { name: 'Product 1', reviews: [{ stars: 5 }] },
  });
  await graph.subgraphs['reviews']?.[Symbol.asyncDispose]();
  expect(await graph.ask('{ product(id: "1") { name reviews { stars } } }')).toMatchObject({
    codes: ['DOWNSTREAM_UNAVAILABLE'],
    data: { product: { name: 'Product 1', reviews: null } },
  });
});

test('the plan of one caller is never used for another who may see less', async () => {
  await using issuer = await startTestIssuer();
  await using graph = await startTestGateway({ guarded }, { EXECUTOR: 'stock', ISSUERS: issuer.config });
  const query = '{ open mine staff orders }';
  const all = { open: 'open', mine: 'mine', staff: 'staff', orders: 'orders' };
  const none = { open: 'open', mine: null, staff: null, orders: null };
  for (const [headers, data] of [
    [await issuer.as('ADMIN'), all],
    [{}, none],
    [await issuer.as('CUSTOMER'), { ...none, mine: 'mine' }],
    [await issuer.as('ADMIN'), all],
  ] as const) {
    expect((await graph.ask(query, { headers })).data).toEqual(data);
  }
});

test('an operation with @defer is answered in one piece', async () => {
  await using graph = await startTestGateway(shop, { EXECUTOR: 'stock' });
  const query =
    'query ($id: ID!) { product(id: $id) { name ...Later @defer(label: "a") ... on Product @defer(if: true) { id } } } fragment Later on Product { reviews { stars } }';
  for (const accept of ['application/json', 'multipart/mixed; deferSpec=20220824']) {
    expect(await graph.ask(query, { variables: { id: '1' }, headers: { accept } })).toMatchObject({
      data: { product: { id: '1', name: 'Product 1', reviews: [{ stars: 5 }] } },
      errors: [],
    });
  }
});

test('it tells nobody of itself, unless the operator has it so', async () => {
  vi.stubEnv('APOLLO_TELEMETRY_DISABLED', undefined);
  const hosts: string[] = [];
  const onRequest = (message: unknown) => void hosts.push((message as { readonly request: ClientRequest }).request.host);
  subscribe('http.client.request.start', onRequest);
  await using graph = await startTestGateway({ guarded }, { EXECUTOR: 'stock' });
  await graph.ask('{ open }');
  unsubscribe('http.client.request.start', onRequest);
  vi.unstubAllEnvs();
  expect(hosts.filter((host) => !['localhost', '127.0.0.1'].includes(host))).toEqual([]);
});

test('every name under which a security feature is linked is stripped', () => {
  const stripped =
    stripSecurity(`schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/authenticated/v0.1", import: [{ name: "@authenticated", as: "@login" }], for: SECURITY) @link(url: "https://specs.apollo.dev/policy/v0.1", as: "rules", for: SECURITY) { query: Query }
    directive @login on FIELD_DEFINITION
    directive @rules(policies: [[rules__Policy!]!]!) on FIELD_DEFINITION
    directive @kept on FIELD_DEFINITION
    scalar rules__Policy
    type Query { a: Int @login @kept  b: Int @rules(policies: [["x"]]) }`);
  expect(stripped).not.toMatch(/login|rules|SECURITY/);
  expect(stripped).toMatch(/a: Int @kept/);
});
