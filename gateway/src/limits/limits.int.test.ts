import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer } from '../testing/test-issuer.ts';

let graph: TestGateway;
beforeAll(async () => {
  graph = await startTestGateway(shop, {
    MAX_DEPTH: '5',
    MAX_ALIASES: '5',
    MAX_ROOT_FIELDS: '6',
    MAX_DIRECTIVES: '5',
    MAX_SELECTIONS: '200',
    MAX_TOKENS: '2000',
    MAX_PAGE_SIZE: '50',
    MAX_COST: '60',
  });
});
afterAll(() => graph[Symbol.asyncDispose]());

const many = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_item, index) => text(index)).join(' ');

/** Fragments of which each spreads the next one several times: few bytes, billions of selections. */
const bomb = (levels: number, spreads: number) =>
  `{ ...F0 } ${many(levels, (level) => `fragment F${level} on Query { ${many(spreads, () => (level === levels - 1 ? 'boom' : `...F${level + 1}`))} }`)}`;

test.each<[string, string, string]>([
  ['depth', `{ ${'a { '.repeat(9)} b ${'} '.repeat(9)} }`, 'maxDepth'],
  ['depth in fragments', '{ a { ...F } } fragment F on A { b { c { d { e { f } } } } }', 'maxDepth'],
  ['aliases', `{ ${many(6, (index) => `a${index}: boom`)} }`, 'maxAliases'],
  ['aliases in a fragment that is spread often', '{ ...F ...F ...F } fragment F on Query { a: boom b: boom }', 'maxAliases'],
  ['root fields', `{ ${many(7, () => 'boom')} }`, 'maxRootFields'],
  ['directives', `{ boom ${many(6, () => '@include(if: true)')} }`, 'maxDirectives'],
  ['unknown directives on the operation', `query ${many(6, () => '@x')} { boom }`, 'maxDirectives'],
  ['selections of a fragment bomb', bomb(16, 3), 'maxSelections'],
  ['selections of a fragment that nobody spreads', `{ boom } ${bomb(16, 3).slice(bomb(16, 3).indexOf('fragment'))}`, 'maxSelections'],
  ['of a name', `query ${'n'.repeat(8_000)} { boom }`, 'maxNameLength'],
  ['selections of another operation in the document', `query A { boom } query B { ${many(250, () => '__typename')} }`, 'maxSelections'],
])('too much %s is refused before validation, naming the limit', async (_name, query, limit) => {
  const before = graph.fetches();
  const answer = await graph.ask(query, { operationName: query.includes('query A') ? 'A' : undefined } as object);
  expect(answer).toMatchObject({ status: 400, codes: ['LIMIT_EXCEEDED'], data: undefined });
  expect(answer.errors[0]?.extensions['limit']).toBe(limit);
  expect(graph.fetches()).toBe(before);
  const metrics = await (await fetch(graph.gateway.metricsUrl)).text();
  expect(metrics).toContain(`stage="operation",code="LIMIT_EXCEEDED",limit="${limit}"`);
});

test('too many tokens are refused while they are read', async () => {
  expect(await graph.ask(`{ ${many(2100, () => 'boom')} }`)).toMatchObject({ status: 400, codes: ['LIMIT_EXCEEDED'] });
});

test('fragments that spread each other are refused by validation and do not hang', async () => {
  expect(await graph.ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')).toMatchObject({
    status: 400,
    codes: ['GRAPHQL_VALIDATION_FAILED'],
  });
});

test.each<[string, string, Record<string, unknown>]>([
  ['a literal', '{ products(first: 51) { id } }', {}],
  ['a variable', 'query($n: Int) { products(first: $n) { id } }', { n: 51 }],
  ["a variable's default", 'query($n: Int = 1000) { products(first: $n) { id } }', {}],
  ['an aliased field in a fragment', 'query($n: Int) { ...F } fragment F on Query { p: products(first: $n) { id } }', { n: 2_000_000_000 }],
])('a page that is too large is refused in %s', async (_name, query, variables) => {
  const before = graph.fetches();
  const answer = await graph.ask(query, { variables });
  expect(answer).toMatchObject({ status: 400, codes: ['LIMIT_EXCEEDED'] });
  expect(answer.errors[0]?.extensions['limit']).toBe('maxPageSize');
  expect(graph.fetches()).toBe(before);
});

test('an operation that costs too much is refused; the same with fewer items is served', async () => {
  const query = 'query($n: Int) { a: products(first: $n) { id } b: products(first: $n) { id } }';
  expect(await graph.ask(query, { variables: { n: 40 } })).toMatchObject({ status: 400, codes: ['COST_EXCEEDED'] });
  expect(await graph.ask(query, { variables: { n: 20 } })).toMatchObject({ status: 200, codes: [] });
});

test('what a caller has left is told, and refused when it is used up, with the time to wait', async () => {
  await using limited = await startTestGateway(shop, { RATE_ANONYMOUS: '25', RATE_REFILL_SECONDS: '3600', EXPOSE_COST: 'true' });
  const first = await limited.ask('{ products(first: 20) { id } }');
  expect(first.headers.get('ratelimit-limit')).toBe('25');
  expect(first.headers.get('ratelimit-remaining')).toBe('5');
  expect(JSON.parse(first.text)).toMatchObject({ extensions: { cost: { requested: 20, limit: 25, remaining: 5 } } });
  const second = await limited.ask('{ products(first: 20) { id } }');
  expect(second).toMatchObject({ status: 429, codes: ['RATE_LIMITED'] });
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(60);
  expect(limited.fetches()).toBe(1);
  expect(await limited.ask('{ __typename }')).toMatchObject({ status: 200 });
});

test.each([
  ['text that is no GraphQL', '{ a ', {}],
  ['unknown fields', '{ nope }', {}],
  ['documents that are too large', `{ ${many(31, (index) => `a${index}: nope`)} }`, {}],
  ['variables that do not fit', 'query($id: ID!) { product(id: $id) { id } }', {}],
  ['pages that are too large', 'query($n: Int) { products(first: $n) { id } }', { n: 1_000 }],
])('%s are paid by their length, and nothing is read of who cannot pay', async (_name, query, variables) => {
  await using limited = await startTestGateway(shop, { RATE_ANONYMOUS: '250', RATE_REFILL_SECONDS: '3600', TRUST_PROXY: '1' });
  const ask = (text: string, address: string) => limited.ask(text, { variables, headers: { 'x-forwarded-for': address } });
  const bad = query.padEnd(1_000, ' ');
  const answers = [];
  for (let n = 0; n < 4; n++) answers.push(await ask(bad, '203.0.113.7'));
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429]);
  expect(answers.at(-1)?.codes).toEqual(['RATE_LIMITED']);
  expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(60);
  expect((await ask('{ __typename }', '203.0.113.7')).status).toBe(429);
  const { status, headers } = await ask('{ __typename }', '203.0.113.8');
  expect([status, headers.get('ratelimit-remaining')]).toEqual([200, '249']);
});

test('visitors are told apart by address, those with IPv6 by the /64 that each of them has', async () => {
  await using limited = await startTestGateway(shop, { RATE_ANONYMOUS: '1', RATE_REFILL_SECONDS: '3600', TRUST_PROXY: '1' });
  const statuses: number[] = [];
  for (const from of ['203.0.113.7', '203.0.113.8', '203.0.113.8:4711', '2001:db8:1:2::a', '2001:db8:1:2:ffff::b', '2001:db8:1:3::a'])
    statuses.push((await limited.ask('{ __typename }', { headers: { 'x-forwarded-for': from } })).status);
  expect(statuses).toEqual([200, 200, 429, 200, 429, 200]);
});

test('aliases of one field are paid one by one', async () => {
  await using limited = await startTestGateway(shop, { RATE_ANONYMOUS: '3', RATE_REFILL_SECONDS: '3600' });
  expect(await limited.ask(`{ ${many(4, (index) => `a${index}: product(id: "1") { id }`)} }`)).toMatchObject({ status: 429 });
});

test('calls of a limited field are counted each, aliases and fragments included, and other fields go on', async () => {
  await using limited = await startTestGateway(shop, { RATE_FIELDS: 'rename=3', RATE_REFILL_SECONDS: '3600' });
  const renames = (count: number) =>
    `mutation { ...M } fragment M on Mutation { ${many(count, (index) => `a${index}: rename(id: "1", name: "x") { id }`)} }`;
  expect(await limited.ask(renames(4))).toMatchObject({ status: 429, codes: ['RATE_LIMITED'] });
  expect(limited.fetches()).toBe(0);
  expect((await limited.ask(renames(2))).status).toBe(200);
  expect((await limited.ask(renames(2))).status).toBe(429);
  expect((await limited.ask(renames(1))).status).toBe(200);
  expect((await limited.ask('{ product(id: "1") { id } }')).status).toBe(200);
});

test('in a batch each operation pays for itself, with calls of limited fields among them', async () => {
  await using limited = await startTestGateway(shop, {
    RATE_FIELDS: 'rename=3',
    RATE_ANONYMOUS: '100',
    RATE_REFILL_SECONDS: '3600',
    MAX_BATCH: '2',
  });
  const body = JSON.stringify([
    { query: 'mutation { rename(id: "1", name: "x") { id } }' },
    { query: `{ ${many(4, (index) => `a${index}: products(first: 10) { id }`)} }` },
  ]);
  await limited.send('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { headers } = await limited.ask('{ __typename }');
  // 11 for the mutation, 40 for the products, 1 for this one.
  expect(headers.get('ratelimit-remaining')).toBe('48');
});

test('a role may have a budget of its own', async () => {
  await using issuer = await startTestIssuer();
  await using limited = await startTestGateway(shop, {
    ISSUERS: issuer.config,
    RATE_USER: '5',
    RATE_ROLES: 'ADMIN=50',
    RATE_REFILL_SECONDS: '3600',
  });
  const limitOf = async (headers: Record<string, string>) =>
    (await limited.ask('{ __typename }', { headers })).headers.get('ratelimit-limit');
  expect(await limitOf(await issuer.as('CUSTOMER', 'ADMIN'))).toBe('50');
  expect(await limitOf(await issuer.as('CUSTOMER'))).toBe('5');
});
