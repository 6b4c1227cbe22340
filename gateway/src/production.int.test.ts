import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from './testing/shop.ts';
import { startTestGateway, type TestGateway } from './testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from './testing/test-issuer.ts';

let issuer: TestIssuer;
let graph: TestGateway;
beforeAll(async () => {
  issuer = await startTestIssuer();
  graph = await startTestGateway(shop, { NODE_ENV: 'production', ISSUERS: issuer.config });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

test('introspection, landing page and GraphiQL are off in production', async () => {
  for (const query of [
    '{ __schema { queryType { kind } } }',
    '{ a: __type(name: "Query") { name } }',
    'query { ...F } fragment F on Query { __schema { description } }',
  ]) {
    const answer = await graph.ask(query);
    expect(answer).toMatchObject({ status: 400, data: undefined });
    expect(new Set(answer.codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  }
  expect(await graph.send('/graphql', { headers: { accept: 'text/html' } })).toMatchObject({ status: 400, codes: ['CSRF_PREVENTED'] });
  expect(await graph.send('/graphiql')).toMatchObject({ status: 404, codes: ['NOT_FOUND'] });
});

test.each([
  ['{ prodct(id: "1") { id } }', {}],
  ['{ product(idd: "1") { id } }', {}],
  ['{ product { id } }', {}],
  ['query($n: Intt) { products(first: $n) { id } }', {}],
  ['query($n: Int) { products(first: $n) { id } }', { n: 'x' }],
  ['{ product(id: "1") { id }', {}],
])('a stranger learns nothing about the schema from %s', async (query, variables) => {
  const answer = await graph.ask(query, { variables });
  expect(answer.status).toBe(400);
  expect(answer.text).not.toMatch(/Did you mean|product|Product|Int\b|locations|first/);
});

test('someone who signed in is told what is wrong with a document', async () => {
  expect((await graph.ask('{ prodct(id: "1") { id } }', { headers: await issuer.as('CUSTOMER') })).text).toContain('prodct');
});

test('GraphiQL is served in development from this host alone', async () => {
  await using development = await startTestGateway(shop, { NODE_ENV: 'development', DEMO_LOGINS: 'a@example.com', DEMO_PASSWORD: 'demo' });
  const page = await development.send('/graphiql');
  expect(page.headers.get('content-type')).toContain('text/html');
  const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(assets).toHaveLength(6);
  for (const asset of assets) {
    expect(asset).toMatch(/^\/graphiql\//);
    expect((await development.send(asset)).status).toBe(200);
  }
  expect(JSON.parse((await development.send('/graphiql/logins.json')).text)).toEqual({ emails: ['a@example.com'], password: 'demo' });
  expect((await graph.send('/graphiql/logins.json')).status).toBe(404);
  expect((await development.ask(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }))).errors).toEqual([]);
});

test('only registered operations are served when documents are trusted, by their text or their id', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-documents-'));
  const file = join(folder, 'documents.json');
  await writeFile(file, JSON.stringify({ 'product-page': 'query ProductPage { product(id: "1") { name } }' }));
  await using trusted = await startTestGateway(shop, { TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: file });
  const byHash = (text: string) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(text).digest('hex') } },
  });
  const post = (body: object) =>
    trusted.send('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect((await post({ query: 'query ProductPage { product(id: "1") { name } }' })).data).toEqual({ product: { name: 'Product 1' } });
  expect((await post({ documentId: 'product-page' })).data).toEqual({ product: { name: 'Product 1' } });
  expect((await post(byHash('query ProductPage { product(id: "1") { name } }'))).data).toEqual({ product: { name: 'Product 1' } });
  expect((await post(byHash('{ __typename }'))).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  for (const body of [
    { query: 'query ProductPage { product(id: "1") { name id } }' },
    { query: 'query ProductPage { product(id: "1") { name } } ' },
    { documentId: '__proto__' },
    { documentId: 'x' },
  ]) {
    expect(await post(body)).toMatchObject({ status: 400, codes: ['PERSISTED_QUERY_REQUIRED'] });
  }
});

test('a trusted-documents file of another form stops the start', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'gateway-documents-')), 'documents.json');
  await writeFile(file, '{"a": 1}');
  await expect(startTestGateway(shop, { TRUSTED_DOCUMENTS_FILE: file })).rejects.toThrow();
});

test('a trusted-documents file with a wrong hash stops the start and says which', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'gateway-documents-')), 'documents.json');
  const hash = createHash('sha256').update('{ __typename }').digest('hex');
  await writeFile(file, JSON.stringify({ [`sha256:${hash}`]: '{ __typename }' }));
  await using started = await startTestGateway(shop, { TRUSTED_DOCUMENTS_FILE: file });
  expect((await started.ask('{ __typename }')).errors).toEqual([]);
  await writeFile(file, JSON.stringify({ [`sha256:${hash}`]: '{ products { id } }' }));
  await expect(startTestGateway(shop, { TRUSTED_DOCUMENTS_FILE: file })).rejects.toThrow(`the id sha256:${hash} is not the SHA-256`);
});

test('batches are served when they are allowed, up to their limit, and each operation is judged', async () => {
  await using batching = await startTestGateway(shop, { MAX_BATCH: '2' });
  const post = (body: object[]) =>
    batching.send('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(JSON.parse((await post([{ query: '{ __typename }' }, { query: '{ nope }' }])).text)).toMatchObject([
    { data: { __typename: 'Query' } },
    { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
  ]);
  expect(await post([{ query: '{ a }' }, { query: '{ a }' }, { query: '{ a }' }])).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
});
