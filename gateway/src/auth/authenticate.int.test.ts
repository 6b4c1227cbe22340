import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer, type TokenChanges } from '../testing/test-issuer.ts';

const QUERY = '{ product(id: "1") { name } }';
const KEY = 'k'.repeat(40);
let issuer: TestIssuer;
let graph: TestGateway;
beforeAll(async () => {
  issuer = await startTestIssuer();
  graph = await startTestGateway(shop, { ISSUERS: issuer.config, TOKEN_COOKIE: 'session', INTERNAL_KEYS: `catalog=${KEY}` });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('without a token a public query is served', async () => {
  expect(await graph.ask(QUERY)).toMatchObject({ status: 200, errors: [] });
});

test('with a good token the principal is known, in the log and to signed subgraphs only', async () => {
  expect(
    await graph.ask('query WhoAmI { product(id: "1") { name reviews { stars } } }', {
      headers: { ...(await issuer.as('CUSTOMER')), 'user-agent': 'test-agent', 'x-client-address': '6.6.6.6' },
    }),
  ).toMatchObject({ status: 200, errors: [] });
  expect(graph.logLines.findLast((line) => line['operation'] === 'WhoAmI')).toMatchObject({ principal: 'usr_1' });
  const [catalog, reviews] = [graph.subgraphs['catalog']?.seen.at(-1)?.headers, graph.subgraphs['reviews']?.seen.at(-1)?.headers];
  const payload = JSON.parse(Buffer.from(String(catalog?.['x-internal-token']).split('.')[1] ?? '', 'base64url').toString()) as object;
  expect(payload).toMatchObject({ sub: 'usr_1', aud: 'catalog', roles: ['CUSTOMER'] });
  expect(catalog).toMatchObject({ 'x-client-address': '127.0.0.1', 'x-client-user-agent': 'test-agent' });
  for (const name of ['x-internal-token', 'x-client-address', 'x-client-user-agent']) expect(reviews).not.toHaveProperty(name);
  expect(catalog).not.toHaveProperty('authorization');
});

test('the token may come in the configured cookie, and the header wins', async () => {
  const cookie = `a=b; session=${await issuer.token(['CUSTOMER'])}`;
  await graph.ask('query ByCookie { __typename }', { headers: { cookie } });
  expect(graph.logLines.findLast((line) => line['operation'] === 'ByCookie')).toMatchObject({ principal: 'usr_1' });
  expect(await graph.ask(QUERY, { headers: { cookie, ...bearer('x') } })).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
  for (const value of ['forged', '%', '%zz'])
    expect(await graph.ask(QUERY, { headers: { cookie: `session=${value}` } })).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
});

const now = () => Math.floor(Date.now() / 1000);
test.each<[string, () => TokenChanges]>([
  ['another key', () => ({ foreignKey: true })],
  ['an unknown key id', () => ({ header: { kid: 'k2' }, foreignKey: true })],
  ['another issuer', () => ({ claims: { iss: 'https://evil.test' } })],
  ['no issuer', () => ({ without: ['iss'] })],
  ['another audience', () => ({ claims: { aud: 'other' } })],
  ['no audience', () => ({ without: ['aud'] })],
  ['an expiry in the past', () => ({ claims: { iat: now() - 1000, exp: now() - 100 } })],
  ['no expiry', () => ({ without: ['exp'] })],
  ['a life longer than allowed', () => ({ claims: { iat: now() - 2000, exp: now() + 90_000 } })],
  ['an issue date in the future', () => ({ claims: { iat: now() + 600, exp: now() + 900 } })],
  ['a start in the future', () => ({ claims: { nbf: now() + 600 } })],
  ['no session', () => ({ without: ['sid'] })],
  ['no token id', () => ({ without: ['jti'] })],
  ['no subject', () => ({ without: ['sub'] })],
  ['an empty subject', () => ({ claims: { sub: '' } })],
  ['another type of token', () => ({ header: { typ: 'JWT' } })],
  ['a key of its own in the header', () => ({ header: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }, foreignKey: true })],
  ['a key address in the header', () => ({ header: { jku: 'http://127.0.0.1:1/keys' }, foreignKey: true })],
])('a token with %s is refused and never counts as anonymous', async (_name, changes) => {
  const before = graph.fetches();
  const answer = await graph.ask(QUERY, { headers: bearer(await issuer.token(['ADMIN'], changes())) });
  expect(answer).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'], data: undefined });
  expect(graph.fetches()).toBe(before);
});

test.each<[string, string]>([
  ['nothing after Bearer', 'Bearer '],
  ['another scheme', 'Basic dXNlcjpwYXNz'],
  ['no token form', 'Bearer abc'],
  ['two tokens', 'Bearer a b'],
  [
    'algorithm none',
    `Bearer ${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${Buffer.from('{"iss":"https://issuer.test","sub":"usr_1"}').toString('base64url')}.`,
  ],
  ['ten thousand characters', `Bearer ${'a'.repeat(10_000)}`],
])('an authorization header with %s is refused', async (_name, authorization) => {
  expect(await graph.ask(QUERY, { headers: { authorization } })).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
});

test('many unknown key ids cause no more than one fetch of the keys per cooldown', async () => {
  const before = issuer.fetches();
  const tokens = await Promise.all(
    Array.from({ length: 30 }, (_item, index) => issuer.token(['CUSTOMER'], { header: { kid: `unknown-${index}` }, foreignKey: true })),
  );
  await Promise.all(tokens.map((token) => graph.ask(QUERY, { headers: bearer(token) })));
  expect(issuer.fetches() - before).toBeLessThanOrEqual(1);
});

test('the key set is shown under the gateway, and known keys go on working when the issuer is down', async () => {
  const keys = await graph.send('/.well-known/jwks.json');
  expect(keys.status).toBe(200);
  expect(keys.text).toContain('"kid":"k1"');
  expect(keys.text).not.toContain('"d"');
  issuer.fail();
  expect(await graph.ask(QUERY, { headers: await issuer.as('CUSTOMER') })).toMatchObject({ status: 200 });
  expect((await graph.send('/.well-known/jwks.json')).status).toBe(200);
});
