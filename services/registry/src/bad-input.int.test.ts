import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistryKit, type Reply, startRegistryKit, subgraph } from './testing/registry-kit.ts';

let kit: RegistryKit;
let token: string;

beforeAll(async () => {
  kit = await startRegistryKit({ MAX_BODY_BYTES: '20000' });
  token = await kit.token();
});
afterAll(() => kit[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json' };
const a = subgraph('a', 'type Query { a: Int }');
const publish = (body: unknown) => kit.send('POST', '/api/publish', { token, body });

const mistakes: readonly [string, () => Promise<Reply>, number, string, RegExp][] = [
  ['no token', () => kit.send('GET', '/api/versions'), 401, 'TOKEN_MISSING', /Authorization: Bearer/],
  ['a made-up token', () => kit.send('GET', '/api/versions', { token: 'x' }), 401, 'TOKEN_UNKNOWN', /token command/],
  ['a token of 10 KB', () => kit.send('GET', '/api/versions', { token: 'x'.repeat(10_000) }), 401, 'TOKEN_UNKNOWN', /too long/],
  ['no JSON', () => kit.send('POST', '/api/publish', { token, body: '{"a', headers: json }), 400, 'NOT_JSON', /not valid JSON/],
  ['an empty body', () => kit.send('POST', '/api/publish', { token, body: '', headers: json }), 400, 'NOT_JSON', /empty/],
  [
    'prototype keys',
    () => kit.send('POST', '/api/publish', { token, body: '{"__proto__":{"a":1}}', headers: json }),
    400,
    'NOT_JSON',
    /JSON/,
  ],
  [
    'XML',
    () => kit.send('POST', '/api/publish', { token, body: '<a/>', headers: { 'content-type': 'text/xml' } }),
    415,
    'UNSUPPORTED_BODY',
    /Send JSON/,
  ],
  ['a huge body', () => publish({ subgraphs: [{ ...a, sdl: ' '.repeat(30_000) }] }), 413, 'BODY_TOO_LARGE', /MAX_BODY_BYTES/],
  ['no subgraphs', () => publish({ subgraphs: [] }), 400, 'WRONG_FIELD', /subgraphs: must name at least one/],
  ['one subgraph twice', () => publish({ subgraphs: [a, a] }), 400, 'WRONG_FIELD', /each subgraph once/],
  [
    'a name with a quote',
    () => publish({ subgraphs: [{ ...a, name: "a'; DROP TABLE" }] }),
    400,
    'WRONG_FIELD',
    /subgraphs.0.name: must be a name/,
  ],
  [
    'an address that is none',
    () => publish({ subgraphs: [{ ...a, url: 'nowhere' }] }),
    400,
    'WRONG_FIELD',
    /subgraphs.0.url: must be a URL/,
  ],
  ['SDL that is no GraphQL', () => publish({ subgraphs: [{ ...a, sdl: 'type {' }] }), 422, 'DOES_NOT_COMPOSE', /Syntax Error/],
  ['a null byte in SDL', () => publish({ subgraphs: [{ ...a, sdl: 'type Query { a: Int } # \0' }] }), 400, 'WRONG_FIELD', /U\+0000/],
  [
    'a version that is not there',
    () => kit.send('POST', '/api/rollback', { token, body: { version: 7 } }),
    404,
    'UNKNOWN_VERSION',
    /see history/,
  ],
  [
    'a version beyond all numbers',
    () => kit.send('POST', '/api/rollback', { token, body: { version: 99_999_999_999 } }),
    400,
    'WRONG_FIELD',
    /version/,
  ],
  ['a window of ages', () => kit.send('GET', '/api/operations?days=999999999', { token }), 400, 'WRONG_FIELD', /days/],
  [
    'SDL that composition throws at',
    () => publish({ subgraphs: [{ ...a, sdl: 'type Query { a: E } enum E { A } extend type E { a: Int }' }] }),
    422,
    'DOES_NOT_COMPOSE',
    /do not compose/,
  ],
  ['a version that is no number', () => kit.send('GET', '/api/versions/../1e9', { token }), 404, 'NOT_FOUND', /README/],
  ['a version of minus one', () => kit.send('GET', '/api/versions/-1', { token }), 404, 'UNKNOWN_VERSION', /no number of a version/],
  ['a window of no days', () => kit.send('GET', '/api/operations?days=0', { token }), 400, 'WRONG_FIELD', /days/],
  [
    'a manifest with a wrong hash',
    () => {
      const operation = { name: 'Page', document: '{ a }', hash: '0'.repeat(64), clients: ['web@1'] };
      return kit.send('POST', '/api/operations', { token, body: { operations: [operation] } });
    },
    400,
    'WRONG_HASH',
    /Page.*Make the manifest again/,
  ],
  [
    'an operation that is no GraphQL',
    () => {
      const operation = { name: 'Page', document: '{', hash: '0'.repeat(64), clients: [] };
      return kit.send('POST', '/api/operations', { token, body: { operations: [operation] } });
    },
    400,
    'WRONG_FIELD',
    /Page is not GraphQL/,
  ],
  [
    'variables of Uplink that are no object',
    () =>
      kit.send('POST', '/uplink', {
        body: { query: 'query($a: String!) { routerConfig(ref: $a, apiKey: $a) { __typename } }', variables: 5 },
      }),
    400,
    'WRONG_FIELD',
    /variables/,
  ],
  ['an address that cannot be decoded', () => kit.send('GET', '/%'), 404, 'NOT_FOUND', /nothing at this address/],
  ['an unknown address', () => kit.send('GET', '/wp-login.php'), 404, 'NOT_FOUND', /nothing at this address/],
];

test.each(mistakes)('%s is answered with what to do', async (_what, send, status, code, message) => {
  const reply = await send();
  expect(reply).toMatchObject({ status, code });
  expect((reply.body['error'] as { message: string }).message).toMatch(message);
  expect(reply.text).not.toMatch(/node_modules|at .*\.ts|SELECT|postgres/i);
});

test('more requests than allowed are refused with when to come back, without looking at the token', async () => {
  await using limited = await startRegistryKit({ REQUESTS_PER_MINUTE: '3' });
  const replies = await Promise.all(Array.from({ length: 8 }, () => limited.send('GET', '/api/versions', { token: 'guess' })));
  expect(replies.filter(({ code }) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(4);
  const refused = replies.find(({ code }) => code === 'RATE_LIMITED');
  expect(refused?.status).toBe(429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('behind a proxy the budget goes by the address that it added, whatever was written before', async () => {
  await using limited = await startRegistryKit({ REQUESTS_PER_MINUTE: '2', REGISTRY_TRUST_PROXY: '1' });
  const codes: (string | undefined)[] = [];
  for (const from of ['1.1.1.1, 10.0.0.1', '2.2.2.2, 10.0.0.1', '3.3.3.3, 10.0.0.1', '1.1.1.1, 10.0.0.2'])
    codes.push((await limited.send('GET', '/api/versions', { token: 'guess', headers: { 'x-forwarded-for': from } })).code);
  expect(codes.map((code) => code === 'RATE_LIMITED')).toEqual([false, false, true, false]);
});

test('a check whose findings have a null character is kept like any other', async () => {
  const graph = await kit.token(undefined, { graph: 'null-character' });
  const odd = (reason: string) => subgraph('a', `type Query { a: Int b: Int @deprecated(reason: "${reason}") }`);
  await kit.send('POST', '/api/publish', { token: graph, body: { subgraphs: [odd('old')] } });
  const { status, body } = await kit.send('POST', '/api/checks', { token: graph, body: { subgraphs: [odd('a\\u0000b')] } });
  expect([status, body]).toMatchObject([200, { id: expect.any(String) }]);
});
