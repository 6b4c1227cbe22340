import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphContext } from '../testing/test-subgraph.ts';

const PAGE = '{ products(first: 2) { name reviews { stars } } }';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(shop, { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** `extensions` of an answer to a request with these headers. */
async function extensionsOf(headers: Record<string, string>, query = PAGE, asked = gateway): Promise<Record<string, unknown> | undefined> {
  const { text } = await asked.ask(query, { headers });
  return (JSON.parse(text) as { extensions?: Record<string, unknown> }).extensions;
}

test('who does not ask is told nothing', async () => {
  expect(await extensionsOf({})).toBeUndefined();
});

test('a plan comes as Apollo Router writes it, and as @apollo/gateway does', async () => {
  expect(await extensionsOf({ 'apollo-expose-query-plan': 'true' })).toEqual({
    apolloQueryPlan: {
      object: { kind: 'QueryPlan', node: expect.objectContaining({ kind: 'Sequence' }) },
      text: expect.stringMatching(/^QueryPlan \{[\s\S]*Fetch\(service: "catalog"\)[\s\S]*Flatten\(path: "products\.@"\)/),
    },
  });
  expect(await extensionsOf({ 'apollo-query-plan-experimental': '1' })).toEqual({
    __queryPlanExperimental: expect.stringContaining('Fetch(service: "reviews")'),
  });
  expect(await extensionsOf({ 'apollo-query-plan-experimental': '1', 'apollo-query-plan-experimental-format': 'internal' })).toEqual({
    __queryPlanExperimental: expect.objectContaining({ kind: 'QueryPlan' }),
  });
});

test('what the gateway answers itself has an empty plan', async () => {
  expect(await extensionsOf({ 'apollo-expose-query-plan': 'true' }, '{ __typename }')).toEqual({
    apolloQueryPlan: { object: { kind: 'QueryPlan', node: null }, text: 'QueryPlan {}' },
  });
});

test('a dry run plans and asks no subgraph', async () => {
  const before = gateway.fetches();
  const { text } = await gateway.ask('{ product(id: "dry") { name } }', { headers: { 'apollo-expose-query-plan': 'dry-run' } });
  expect(JSON.parse(text)).toEqual({ data: null, extensions: { apolloQueryPlan: expect.anything() } });
  expect(gateway.fetches()).toBe(before);
});

test('an inspected answer tells of each call: to whom, for what, when, and how much came back', async () => {
  const extensions = await extensionsOf({ 'x-gateway-inspect': '1' }, '{ products(first: 3) { name reviews { stars } } boom }');
  expect(extensions).toEqual({
    inspection: {
      planningMs: expect.any(Number),
      totalMs: expect.any(Number),
      isFromCache: false,
      fetches: [
        expect.objectContaining({
          subgraph: 'catalog',
          paths: [[]],
          from: 'network',
          entities: 0,
          outcome: 'errors',
          size: expect.any(Number),
        }),
        expect.objectContaining({
          subgraph: 'reviews',
          paths: [['products', '@']],
          from: 'network',
          entities: 3,
          askedEntities: 3,
          outcome: 'ok',
        }),
      ],
    },
  });
});

test('a subgraph that is away shows as what it is', async () => {
  const away = gateway.subgraphs['reviews'];
  if (!away) throw new Error('there is no such subgraph');
  away.behaviour = 'html';
  const extensions = await extensionsOf({ 'x-gateway-inspect': '1' }, '{ product(id: "away") { reviews { stars } } }');
  away.behaviour = 'answer';
  expect(extensions?.['inspection']).toMatchObject({
    fetches: [{ outcome: 'ok' }, { subgraph: 'reviews', outcome: 'DOWNSTREAM_UNAVAILABLE' }],
  });
});

describe('in production', () => {
  let issuer: TestIssuer;
  let production: TestGateway;
  beforeAll(async () => {
    issuer = await startTestIssuer();
    production = await startTestGateway(shop, { NODE_ENV: 'production', INSPECT_SCOPE: 'catalog:write', ISSUERS: issuer.config });
  });
  afterAll(async () => {
    await production[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });
  const asked = { 'apollo-expose-query-plan': 'true', 'apollo-query-plan-experimental': '1', 'x-gateway-inspect': '1' };

  test('only who has the scope sees plans and timings', async () => {
    expect(await extensionsOf(asked, PAGE, production)).toBeUndefined();
    expect(await extensionsOf({ ...asked, ...(await issuer.as('SUPPORT')) }, PAGE, production)).toBeUndefined();
    expect(Object.keys((await extensionsOf({ ...asked, ...(await issuer.as('CATALOG_MANAGER')) }, PAGE, production)) ?? {})).toEqual([
      'apolloQueryPlan',
      '__queryPlanExperimental',
      'inspection',
    ]);
  });

  test('without a scope nobody does', async () => {
    await using closed = await startTestGateway(shop, { NODE_ENV: 'production', ISSUERS: issuer.config });
    expect(await extensionsOf({ ...asked, ...(await issuer.as('ADMIN')) }, PAGE, closed)).toBeUndefined();
  });
});

test('a page of Apollo Studio may ask for plans from its origin, also on this machine', async () => {
  const { status, headers } = await gateway.send('/graphql', {
    method: 'OPTIONS',
    headers: {
      origin: 'https://studio.apollographql.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,apollo-query-plan-experimental,apollo-expose-query-plan',
      'access-control-request-private-network': 'true',
    },
  });
  expect(status).toBe(204);
  const allowed = headers.get('access-control-allow-headers')?.split(', ');
  expect(allowed).toEqual(expect.arrayContaining(['content-type', 'apollo-query-plan-experimental', 'apollo-expose-query-plan']));
  expect(headers.get('access-control-allow-private-network')).toBe('true');
});

test('what caches know is not asked for: of a list only the rest is, and a whole answer says that it is one', async () => {
  const keep = (_parent: unknown, _args: unknown, context: SubgraphContext) => {
    context.cacheControl = 'public, max-age=60';
  };
  const catalog = shop['catalog'];
  const reviews = shop['reviews'];
  if (!catalog || !reviews) throw new Error('there are no such subgraphs');
  const products = (parent: unknown, args: { first: number }, context: SubgraphContext) => {
    keep(parent, args, context);
    return Array.from({ length: args.first }, (_item, index) => ({ id: String(index), name: `Product ${index}` }));
  };
  const stars = (parent: unknown, args: unknown, context: SubgraphContext) => {
    keep(parent, args, context);
    return [{ stars: 5 }];
  };
  await using caching = await startTestGateway(
    {
      catalog: { ...catalog, resolvers: { ...catalog.resolvers, Query: { ...catalog.resolvers['Query'], products } } },
      reviews: { ...reviews, resolvers: { Product: { ...reviews.resolvers['Product'], reviews: stars } } },
    },
    { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' },
  );
  const inspect = async (first: number) =>
    (await extensionsOf({ 'x-gateway-inspect': '1' }, `{ products(first: ${first}) { name reviews { stars } } }`, caching))?.['inspection'];
  expect(await inspect(2)).toMatchObject({ isFromCache: false, fetches: [{ from: 'network' }, { entities: 2, askedEntities: 2 }] });
  expect(await inspect(3)).toMatchObject({
    isFromCache: false,
    fetches: [{ from: 'network' }, { from: 'network', entities: 3, askedEntities: 1 }],
  });
  expect(await inspect(1)).toMatchObject({ fetches: [{ from: 'network' }, { from: 'cache', entities: 1, askedEntities: 0, size: 0 }] });
  expect(await inspect(3)).toMatchObject({ isFromCache: true, fetches: [] });
});
