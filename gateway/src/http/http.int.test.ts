import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

let graph: TestGateway;
beforeAll(async () => {
  graph = await startTestGateway(shop, { CORS_ORIGINS: 'https://shop.example', MAX_BODY_BYTES: '2000' });
});
afterAll(() => graph[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json' };
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
  graph.send('/graphql', { method: 'POST', headers, body });

test('a query is answered from two subgraphs', async () => {
  const answer = await graph.ask('{ product(id: "1") { name reviews { stars } } }');
  expect(answer).toMatchObject({ status: 200, errors: [], data: { product: { name: 'Product 1', reviews: [{ stars: 5 }] } } });
});

test('a query may come by GET with a header that foreign pages cannot send', async () => {
  const path = `/graphql?query=${encodeURIComponent('{ product(id: "1") { name } }')}`;
  expect(await graph.send(path, { headers: { 'apollo-require-preflight': '1' } })).toMatchObject({
    status: 200,
    data: { product: { name: 'Product 1' } },
  });
  expect(await graph.send(path)).toMatchObject({ status: 400, codes: ['CSRF_PREVENTED'] });
});

test('a mutation over GET is refused and not executed', async () => {
  const before = graph.fetches();
  const path = `/graphql?query=${encodeURIComponent('mutation { rename(id: "1", name: "x") { id } }')}`;
  expect(await graph.send(path, { headers: { 'apollo-require-preflight': '1' } })).toMatchObject({
    status: 405,
    codes: ['METHOD_NOT_ALLOWED'],
  });
  expect(graph.fetches()).toBe(before);
});

test.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number, string]>([
  ['text that is no JSON', '{"query":', json, 400, 'BAD_REQUEST'],
  ['an empty body', '', json, 400, 'BAD_REQUEST'],
  ['JSON null', 'null', json, 400, 'BAD_REQUEST'],
  ['a JSON string', '"query"', json, 400, 'BAD_REQUEST'],
  ['an empty object', '{}', json, 400, 'BAD_REQUEST'],
  ['a query that is a number', '{"query":1}', json, 400, 'BAD_REQUEST'],
  ['variables that are a list', '{"query":"{ __typename }","variables":[1]}', json, 400, 'BAD_REQUEST'],
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), json, 400, 'BAD_REQUEST'],
  ['a batch', '[{"query":"{ __typename }"}]', json, 400, 'BAD_REQUEST'],
  ['a syntax error', '{"query":"{ a"}', json, 400, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{"query":"{ nope }"}', json, 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['an unknown operation', '{"query":"query A { __typename }","operationName":"B"}', json, 400, 'OPERATION_RESOLUTION_FAILURE'],
  ['two operations and no name', '{"query":"query A { __typename } query B { __typename }"}', json, 400, 'OPERATION_RESOLUTION_FAILURE'],
  ['a missing variable', '{"query":"query($id: ID!) { product(id: $id) { id } }"}', json, 400, 'BAD_USER_INPUT'],
  ['a wrong variable', '{"query":"query($n: Int) { products(first: $n) { id } }","variables":{"n":"x"}}', json, 400, 'BAD_USER_INPUT'],
  ['plain text', '{"query":"{ __typename }"}', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a form', 'query=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['another charset', '{"query":"{ __typename }"}', { 'content-type': 'application/json; charset=utf-16' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a compressed body', '{"query":"{ __typename }"}', { ...json, 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body that is too large', `{"query":"{ __typename } #${'x'.repeat(3000)}"}`, json, 413, 'PAYLOAD_TOO_LARGE'],
])('%s is refused as JSON with a code and the request id', async (_name, body, headers, status, code) => {
  const answer = await post(body, headers);
  expect(answer).toMatchObject({ status, codes: [code], data: undefined });
  expect(answer.errors[0]?.extensions['requestId']).toBe(answer.headers.get('x-request-id'));
  expect(answer.text).not.toMatch(/stack|node_modules|<html|at .*\.(js|ts)/);
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is not a method of GraphQL', async (method) => {
  expect(await graph.send('/graphql', { method, headers: json, body: '{"query":"{ __typename }"}' })).toMatchObject({
    status: 405,
    codes: ['METHOD_NOT_ALLOWED'],
  });
});

test('an unknown path is 404 in JSON', async () => {
  expect(await graph.send('/nope')).toMatchObject({ status: 404, codes: ['NOT_FOUND'] });
  expect(await graph.send('/%zz')).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
});

test('a request head that is too large and bytes that are no HTTP are answered in JSON', async () => {
  const { port } = new URL(graph.gateway.url);
  const raw = (bytes: string) =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text));
    });
  expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/431[\s\S]*"code":"PAYLOAD_TOO_LARGE"/);
  expect(await raw('NOT HTTP\r\n\r\n')).toMatch(/400[\s\S]*"code":"BAD_REQUEST"/);
});

test('a sound request id is kept, carried to subgraphs and answered; any other is replaced', async () => {
  const answer = await graph.ask('{ product(id: "7") { name } }', { headers: { 'x-request-id': 'client-request-1' } });
  expect(answer.headers.get('x-request-id')).toBe('client-request-1');
  expect(graph.subgraphs['catalog']?.seen.at(-1)?.headers['x-request-id']).toBe('client-request-1');
  expect((await graph.ask('{ __typename }', { headers: { 'x-request-id': 'bad id' } })).headers.get('x-request-id')).toMatch(
    /^[0-9a-f-]{36}$/,
  );
});

test('browsers of configured origins may call, others may not', async () => {
  const allowed = await graph.ask('{ __typename }', { headers: { origin: 'https://shop.example' } });
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  const preflight = await graph.send('/graphql', {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  const foreign = await graph.ask('{ __typename }', { headers: { origin: 'https://evil.example' } });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
});

test('one log line per request says what happened, without documents, variables or tokens', async () => {
  await graph.ask('query Shown($id: ID!) { product(id: $id) { name } }', { variables: { id: 'secret-value' } });
  const line = graph.logLines.findLast((entry) => entry['operation'] === 'Shown');
  expect(line).toMatchObject({
    kind: 'query',
    status: 200,
    principal: 'anonymous',
    fetches: [{ subgraph: 'catalog', ms: expect.any(Number) }],
    msg: 'request',
  });
  expect(JSON.stringify(line)).not.toMatch(/secret-value|product\(/);
});

test('rate, errors and duration are counted per operation and subgraph', async () => {
  await graph.ask('query Counted { product(id: "1") { name } }');
  const text = await (await fetch(graph.gateway.metricsUrl)).text();
  expect(text).toContain('gateway_requests_total{operation="Counted",kind="query",status="200",service="gateway"} 1');
  expect(text).toMatch(/gateway_subgraph_requests_total\{subgraph="catalog",outcome="ok",service="gateway"\} \d+/);
  expect(text).toMatch(/gateway_refused_total\{stage="http",code="PAYLOAD_TOO_LARGE",limit="",service="gateway"\} 1/);
});

test('a fault of a subgraph reaches the client without its text', async () => {
  const answer = await graph.ask('{ boom product(id: "1") { name } }');
  expect(answer).toMatchObject({ status: 200, codes: ['DOWNSTREAM_UNAVAILABLE'], data: { boom: null, product: { name: 'Product 1' } } });
  expect(answer.text).not.toMatch(/hunter2|db\.internal|catalog|127\.0/);
});

test('persisted queries are registered by their hash and never under a wrong one', async () => {
  const query = '{ product(id: "9") { name } }';
  const hash = (await import('node:crypto')).createHash('sha256').update(query).digest('hex');
  const ask = (body: object) => post(JSON.stringify(body));
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
  expect(await ask({ extensions })).toMatchObject({ status: 200, codes: ['PERSISTED_QUERY_NOT_FOUND'] });
  expect(await ask({ query: '{ __typename }', extensions })).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
  expect(await ask({ query, extensions })).toMatchObject({ status: 200, errors: [] });
  expect(await ask({ extensions })).toMatchObject({ status: 200, data: { product: { name: 'Product 9' } } });
});

test('a page is shown to browsers in development', async () => {
  const page = await graph.send('/graphql', { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).toContain('text/html');
});

test.each<[string, () => object]>([
  ['selections nested a thousand deep', () => ({ query: `${'{ a '.repeat(1_000)}${'}'.repeat(1_000)}` })],
  ['list literals nested a thousand deep', () => ({ query: `{ products(first: ${'['.repeat(1_000)}${']'.repeat(1_000)}) { id } }` })],
  ['object literals nested four hundred deep', () => ({ query: `{ product(id: ${'{a:'.repeat(400)}1${'}'.repeat(400)}) { id } }` })],
  [
    'variables nested four hundred deep',
    () => ({
      query: 'query($id: ID!) { product(id: $id) { id } }',
      variables: { id: JSON.parse(`${'['.repeat(400)}${']'.repeat(400)}`) as unknown },
    }),
  ],
  [
    'a variable named __proto__',
    () => ({ query: 'query($id: ID!) { product(id: $id) { id } }', variables: JSON.parse('{"__proto__": {"id": "1"}}') as object }),
  ],
  ['a hash that is no text', () => ({ extensions: { persistedQuery: { version: 1, sha256Hash: { toString: 1 } } } })],
  [
    'a hash that is no text, and null',
    () => ({ query: null, extensions: { persistedQuery: { version: 1, sha256Hash: { toString: 1 } } } }),
  ],
  [
    'a variable that is null where only yes and no are possible',
    () => ({ query: 'query($yes: Boolean = true) { product(id: "1") @include(if: $yes) { id } }', variables: { yes: null } }),
  ],
  ['a variable named constructor', () => ({ query: 'query($constructor: ID!) { product(id: $constructor) { id } }', variables: {} })],
  ['an operation named __proto__', () => ({ query: 'query A { __typename }', operationName: '__proto__' })],
  [
    'types nested in lists two hundred deep',
    () => ({ query: `query($a: ${'['.repeat(200)}Int${']'.repeat(200)}) { product(id: $a) { id } }` }),
  ],
  ['a directive on every level', () => ({ query: `{ product(id: "1") ${'@a '.repeat(300)} { id } }` })],
  ['a thousand operations', () => ({ query: Array.from({ length: 90 }, (_item, index) => `query Q${index} { a }`).join(' ') })],
])('%s are refused as a mistake of the client, and the next request is served', async (_name, body) => {
  await using roomy = await startTestGateway(shop);
  const answer = await roomy.send('/graphql', { method: 'POST', headers: json, body: JSON.stringify(body()) });
  expect(answer.status).toBe(400);
  expect(answer.codes.length).toBeGreaterThan(0);
  expect(answer.codes).not.toContain('INTERNAL');
  expect(roomy.fetches()).toBe(0);
  expect((await roomy.ask('{ __typename }')).status).toBe(200);
});

test.each([
  ['variables nested five thousand deep', `{"more":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, '{}'],
  ['a hash that is no text', '{}', '{"persistedQuery":{"version":1,"sha256Hash":{"toString":1}}}'],
])('%s are refused in a body and in an address', async (_name, variables, extensions) => {
  await using roomy = await startTestGateway(shop);
  const parameters = { variables, extensions, ...(extensions === '{}' && { query: '{ __typename }' }) };
  const search = new URLSearchParams(parameters).toString().replaceAll('%5B', '[').replaceAll('%5D', ']');
  const members = Object.entries(parameters).map(([name, value]) => `"${name}":${name === 'query' ? JSON.stringify(value) : value}`);
  const answers = await Promise.all([
    roomy.send('/graphql', { method: 'POST', headers: json, body: `{${members.join()}}` }),
    roomy.send(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1' } }),
  ]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
});

test('a response key named __proto__ is an ordinary key and changes no other object', async () => {
  const answer = await graph.ask('{ __proto__: product(id: "1") { __proto__: name constructor: id } }');
  expect(answer.text).toContain('"__proto__":{"__proto__":"Product 1","constructor":"1"}');
  expect(Object.hasOwn(Object.prototype, 'name')).toBe(false);
  expect((await graph.ask('{ product(id: "1") { name } }')).data).toEqual({ product: { name: 'Product 1' } });
});
