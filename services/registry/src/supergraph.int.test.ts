import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistryKit, startRegistryKit, subgraph } from './testing/registry-kit.ts';

let kit: RegistryKit;

beforeAll(async () => {
  kit = await startRegistryKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const products = (field: string) => subgraph('products', `type Query { ${field}: Int }`);
const publish = (token: string, field: string) => kit.send('POST', '/api/publish', { token, body: { subgraphs: [products(field)] } });

test('a gateway gets the newest supergraph with a tag, and nothing when it has that one', async () => {
  const token = await kit.token(undefined, { graph: 'tagged' });
  expect(await kit.send('GET', '/supergraph/tagged', { token })).toMatchObject({ status: 404, code: 'UNKNOWN_VERSION' });
  await publish(token, 'a');
  const first = await kit.send('GET', '/supergraph/tagged@current', { token });
  expect(first.status).toBe(200);
  expect(first.text).toContain('a: Int');
  const etag = first.headers.get('etag') ?? '';
  expect(await kit.send('GET', '/supergraph/tagged', { token, headers: { 'if-none-match': etag } })).toMatchObject({
    status: 304,
    text: '',
  });
  const waited = await kit.send('GET', '/supergraph/tagged?wait=1', { token, headers: { 'if-none-match': `W/${etag}` } });
  expect(waited.status).toBe(304);
});

test('many gateways that wait are answered by a publish', async () => {
  const token = await kit.token(undefined, { graph: 'waiting' });
  await publish(token, 'a');
  const etag = (await kit.send('GET', '/supergraph/waiting', { token })).headers.get('etag') ?? '';
  const waiting = Array.from({ length: 20 }, () =>
    kit.send('GET', '/supergraph/waiting', { token, headers: { 'if-none-match': etag, prefer: 'wait=50' } }),
  );
  await publish(token, 'b');
  for (const reply of await Promise.all(waiting)) {
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('b: Int');
  }
});

test('a connection to the database that is cut is made again, and publishes are heard of', async () => {
  const token = await kit.token(undefined, { graph: 'cut' });
  await publish(token, 'a');
  const etag = (await kit.send('GET', '/supergraph/cut', { token })).headers.get('etag') ?? '';
  await kit.registry.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'registry-listen' AND datname = current_database()",
  );
  const waiting = kit.send('GET', '/supergraph/cut?wait=50', { token, headers: { 'if-none-match': etag } });
  await publish(token, 'b');
  expect((await waiting).text).toContain('b: Int');
});

test('a token of another graph, and one that may not read, get nothing', async () => {
  const [other, check] = await Promise.all([kit.token(undefined, { graph: 'other' }), kit.token(['check'], { graph: 'tagged' })]);
  expect((await kit.send('GET', '/supergraph/tagged', { token: other })).code).toBe('RIGHT_MISSING');
  expect((await kit.send('GET', '/supergraph/tagged', { token: check })).code).toBe('RIGHT_MISSING');
  expect((await kit.send('GET', '/supergraph/tagged?wait=x', { token: await kit.token(['read'], { graph: 'tagged' }) })).code).toBe(
    'WRONG_FIELD',
  );
  expect((await kit.send('GET', '/supergraph/a%20b', { token: other })).code).toBe('WRONG_FIELD');
});

test('a service that stops answers those who wait first', async () => {
  const own = await startRegistryKit();
  const token = await own.token();
  await own.send('POST', '/api/publish', { token, body: { subgraphs: [products('a')] } });
  const etag = (await own.send('GET', '/supergraph/shop', { token })).headers.get('etag') ?? '';
  const waiting = own.send('GET', '/supergraph/shop?wait=50', { token, headers: { 'if-none-match': etag } });
  const isWaiting = async () => (await own.send('GET', '/metrics')).text.match(/^registry_waiting_gateways\b.* 1$/m) !== null;
  await expect.poll(isWaiting, { timeout: 20_000 }).toBe(true);
  const stopped = own[Symbol.asyncDispose]();
  expect((await waiting).status).toBe(304);
  await stopped;
});
