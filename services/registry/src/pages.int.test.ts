import { request } from 'node:http';
import { Report } from '@apollo/usage-reporting-protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistryKit, startRegistryKit, subgraph } from './testing/registry-kit.ts';

const evil = `<script>alert("x")</script>`;
let kit: RegistryKit;
let token: string;

beforeAll(async () => {
  kit = await startRegistryKit();
  token = await kit.token();
  const sdl = `"""${evil}""" type Query { product(id: ID = "${evil.replaceAll('"', '\\"')}"): Product @deprecated(reason: "${evil.replaceAll('"', '\\"')}") }
    type Product { id: ID! } union Thing = Product interface Node { id: ID! } enum Size { "${evil.replaceAll('"', '\\"')}" S } input In { size: Size = S } scalar When`;
  const publish = (text: string) =>
    kit.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('products', text)], by: evil, message: evil } });
  await publish(sdl);
  await publish(sdl.replace('type Product { id: ID! }', 'type Product { id: ID! title: String }'));
  await kit.send('POST', '/api/checks', { token, body: { subgraphs: [subgraph('products', sdl.replace('id: ID!', 'id: Int!'))] } });
  const stats = {
    context: { clientName: evil, clientVersion: evil },
    queryLatencyStats: { requestCount: 1_234, requestsWithErrorsCount: 1, latencyCount: [-70, 1_234] },
  };
  const tracesPerQuery = {
    '# Page\nquery Page{product(id:""){id}}': {
      statsWithContext: [stats],
      referencedFieldsByType: { Query: { fieldNames: ['product'] } },
    },
    '## GraphQLParseFailure\n': { statsWithContext: [stats] },
  };
  const body = Report.encode({ tracesPerQuery }).finish() as unknown as string;
  await kit.send('POST', '/api/ingress/traces', { body, headers: { 'x-api-key': token } });
});
afterAll(() => kit[Symbol.asyncDispose]());

const look = (path: string, headers: Record<string, string> = { authorization: `Basic ${btoa(`me:${token}`)}` }) =>
  kit.send('GET', path, { headers: { accept: 'text/html', ...headers } });

test.each([
  ['/', /shop@current/],
  ['/graphs/shop', /version 2/],
  ['/graphs/shop@current/schema', /Product/],
  ['/graphs/shop/schema?search=titl', /Product<\/a>\.title/],
  ['/graphs/shop/schema?search=%22%3E%3Cscript%3E', /Nothing has &quot;&quot;&gt;&lt;script&gt;&quot;/],
  ['/graphs/shop/schema/Query', /1,234/],
  ['/graphs/shop/schema/Thing', /One of/],
  ['/graphs/shop/schema/Size', /value/],
  ['/graphs/shop/schema/In', /size: .*Size.* = S/],
  ['/graphs/shop/subgraphs/products', /type Product/],
  ['/graphs/shop/versions', /version 1/],
  ['/graphs/shop/versions/2', /class="add">\+ /],
  ['/graphs/shop/versions/1', /first version/],
  ['/graphs/shop/checks', /failed/],
  ['/graphs/shop/checks/1', /FIELD_TYPE_CHANGED/],
  ['/graphs/shop/operations?search=page', /Page/],
  ['/graphs/shop/operations/1', /query Page/],
  ['/graphs/shop/clients', /no GraphQL/],
])('%s shows what there is, and nothing that was sent becomes markup', async (path, expected) => {
  const page = await look(path);
  expect(page.status).toBe(200);
  expect(page.text).toMatch(expected);
  expect(page.text).not.toMatch(/<script|onerror=|javascript:/i);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  for (const [, address] of page.text.matchAll(/(?:href|src)="([^"]+)"/g)) expect(address).toMatch(/^\/(?!\/)|^data:,$/);
});

test('every link of every page leads somewhere', async () => {
  const seen = new Set<string>();
  const open = ['/'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const page = await look(path);
    expect(page.status, path).toBe(200);
    for (const [, address = ''] of page.text.matchAll(/<a [^>]*href="([^"]+)"/g)) open.push(address);
  }
  expect(seen.size).toBeGreaterThan(15);
});

test('pages ask for a token, in the way that browsers know, and show only its graph', async () => {
  const asked = await look('/', {});
  expect(asked.status).toBe(401);
  expect(asked.headers.get('www-authenticate')).toMatch(/^Basic realm="[^"]+", charset="UTF-8"$/);
  expect(asked.text).toContain('<h1>This did not work</h1>');
  const other = { authorization: `Basic ${btoa(`me:${await kit.token(['read'], { graph: 'other' })}`)}` };
  expect((await look('/', other)).text).not.toContain('shop');
  const [hidden, missing] = [await look('/graphs/shop', other), await look('/graphs/none', other)];
  expect(hidden.text.replaceAll('shop', 'none')).toBe(missing.text);
  expect(hidden.status).toBe(404);
  const checker = { authorization: `Basic ${btoa(`me:${await kit.token(['check'])}`)}` };
  expect((await look('/graphs/shop', checker)).status).toBe(403);
});

test.each([
  '/graphs/shop/schema/Nope',
  '/graphs/shop/subgraphs/nope',
  '/graphs/shop/versions/99',
  '/graphs/shop/versions/x',
  '/graphs/shop/checks/99',
  '/graphs/shop/operations/99',
])('%s is a page that says that there is nothing', async (path) => {
  const page = await look(path);
  expect(page.status).toBe(404);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('open pages are open on this machine only: a foreign name that leads here gets nothing', async () => {
  await using open = await startRegistryKit({ REGISTRY_OPEN_PAGES: 'true' });
  expect((await open.send('GET', '/', { headers: { accept: 'text/html' } })).text).toContain('There is no graph yet');
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${open.url}/`, { headers: { host: 'attacker.example', accept: 'text/html' } }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });
  expect(status).toBe(404);
  expect((await open.send('GET', '/api/versions')).status).toBe(401);
});
