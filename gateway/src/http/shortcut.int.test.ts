import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';

const owned = new AsyncDisposableStack();
let issuer: TestIssuer;
let withApollo: TestGateway;
let graph: TestGateway;

beforeAll(async () => {
  issuer = owned.use(await startTestIssuer());
  const env = { ISSUERS: issuer.config, EXPOSE_COST: 'true', RATE_ANONYMOUS: '100000000', MAX_BATCH: '3' };
  graph = owned.use(await startTestGateway(shop, env));
  withApollo = owned.use(await startTestGateway(shop, env));
});
afterAll(() => owned.disposeAsync());

/** What a client sees, without what differs from request to request. */
async function seen(on: TestGateway, init: RequestInit): Promise<unknown> {
  const { status, headers, text } = await on.send('/graphql', init);
  const told = Object.fromEntries([...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name)));
  delete told['ratelimit-remaining'];
  delete told['ratelimit-reset'];
  return { status, told, text: text.replaceAll(/"(requestId":"[^"]*|remaining":\d+)/g, '') };
}

const product = 'query P($id: ID!) { product(id: $id) { id name reviews { stars } } }';
const sha = createHash('sha256').update(product).digest('hex');
const persisted = { persistedQuery: { version: 1, sha256Hash: sha } };

const bodies: readonly (readonly [string, unknown])[] = [
  ['a query', { query: product, variables: { id: '1' } }],
  ['null members', { query: '{ __typename }', variables: null, operationName: null, extensions: null }],
  ['a name', { query: 'query A { __typename } query B { products(first: 1) { id } }', operationName: 'B' }],
  ['an unknown name', { query: 'query A { __typename } query B { products(first: 1) { id } }', operationName: 'C' }],
  ['no name where one is needed', { query: 'query A { __typename } query B { products(first: 1) { id } }' }],
  ['a variable that is missing', { query: product }],
  ['a variable of a wrong type', { query: product, variables: { id: { a: 1 } } }],
  ['variables that are a list', { query: product, variables: [1] }],
  ['variables that are a text', { query: product, variables: '{}' }],
  ['a mutation', { query: 'mutation { rename(id: "1", name: "x") { id name } }' }],
  ['introspection', { query: '{ __schema { queryType { name } } }' }],
  ['an extension', { query: '{ __typename }', extensions: { clientLibrary: { name: 'test' } } }],
  ['an extension that is a list', { query: '{ __typename }', extensions: [] }],
  ['an unknown member', { query: '{ __typename }', more: 1 }],
  ['a document with its hash', { query: product, extensions: persisted, variables: { id: '1' } }],
  ['the hash of a document', { extensions: persisted, variables: { id: '1' } }],
  ['a document with another hash', { query: '{ __typename }', extensions: persisted }],
  ['a hash of another version', { extensions: { persistedQuery: { version: 2, sha256Hash: sha } } }],
  ['a hash that is no text', { extensions: { persistedQuery: { version: 1, sha256Hash: 7 } } }],
  ['an empty query', { query: '' }],
  ['text that is no GraphQL', { query: '{ a' }],
  ['a document without an operation', { query: 'fragment A on Product { id }' }],
  ['three mistakes', { query: '{ nix product(id: 1.5) { nothing } }' }],
  ['a subscription', { query: 'subscription { changed }' }],
  ['more tokens than are allowed', { query: `{ ${'a: __typename '.repeat(10_000)} }` }],
  ['fields too deep', { query: `{ product(id: "1") { ${'reviews { product { '.repeat(30)} id ${'} }'.repeat(30)} } }` }],
  ['nothing', {}],
  ['a list', [{ query: '{ __typename }' }, { query: product, variables: { id: '1' } }]],
  ['an error in execution', { query: '{ product(id: "404") { name } nobody: product(id: "1") { reviews { stars } } }' }],
];

/** A body with an unknown member, which is ignored, is not for the shortcut; nor are lists and nothing. */
const forApollo = (body: unknown) => (Array.isArray(body) || Object.keys(Object(body)).length === 0 ? body : { ...Object(body), more: 1 });

const accepts = [
  undefined,
  '*/*',
  'application/json',
  'application/graphql-response+json, application/json;q=0.9',
  'multipart/mixed;deferSpec=20220824, application/json',
  'text/plain',
  'application/json;q=0, application/graphql-response+json',
];

test.each(accepts)('what the shortcut answers is what Apollo Server answers (accept: %s)', async (accept) => {
  for (const [name, body] of bodies) {
    for (const headers of [{}, await issuer.as('CUSTOMER'), { origin: 'https://else.where' }]) {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(accept !== undefined && { accept }), ...headers },
        body: JSON.stringify(body),
      };
      const expected = await seen(withApollo, { ...init, body: JSON.stringify(forApollo(body)) });
      // New, seen once, known.
      for (const time of ['first', 'second', 'third']) expect(await seen(graph, init), `${name}, ${time} time`).toEqual(expected);
    }
  }
});

test('a request never meets what another one carried', async () => {
  const query = '{ me: product(id: "2") { name } }';
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const requestId = `request-${index}-of-many`;
      const { headers } = await graph.ask(query, { headers: { 'x-request-id': requestId } });
      return headers.get('x-request-id') === requestId;
    }),
  );
  expect(answers).not.toContain(false);
});
