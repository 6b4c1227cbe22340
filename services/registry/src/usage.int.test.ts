import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import { type IReport, Report } from '@apollo/usage-reporting-protobuf';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { forgetUsage } from './data/usage.ts';
import { type RegistryKit, startRegistryKit, subgraph } from './testing/registry-kit.ts';

let kit: RegistryKit;

beforeAll(async () => {
  vi.stubEnv('APOLLO_TELEMETRY_DISABLED', '1');
  kit = await startRegistryKit({ MAX_REPORT_BYTES: '200000', MAX_OPERATIONS: '3' });
});
afterAll(() => kit[Symbol.asyncDispose]());

const sdl = 'type Query { product(id: ID!): Product } type Product { id: ID! title: String! price: Int boom: Int }';
const ingress = (token: string, body: Uint8Array, headers: Record<string, string> = {}) =>
  kit.send('POST', '/api/ingress/traces', { body: body as unknown as string, headers: { 'x-api-key': token, ...headers } });
const report = (queries: Record<string, number>, more: Partial<IReport> = {}, clientName = 'web') =>
  gzipSync(
    Report.encode({
      tracesPerQuery: Object.fromEntries(
        Object.entries(queries).map(([key, requestCount]) => [
          key,
          { statsWithContext: [{ context: { clientName, clientVersion: '1' }, queryLatencyStats: { requestCount } }] },
        ]),
      ),
      ...more,
    }).finish(),
  );
const gzip = { 'content-encoding': 'gzip' };

/** A real Apollo Server that reports to the registry as it would to Apollo. */
async function serveAndReport(key: string, graphRef: string) {
  const quiet = () => undefined;
  const failures: string[] = [];
  const server = new ApolloServer({
    typeDefs: sdl,
    resolvers: {
      Query: { product: (_: unknown, { id }: { id: string }) => ({ id, title: 'Lamp', price: 5 }) },
      Product: {
        boom: () => {
          throw new Error('secret of a resolver');
        },
      },
    },
    apollo: { key, graphRef },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    plugins: [
      ApolloServerPluginUsageReporting({
        endpointUrl: kit.url,
        sendReportsImmediately: true,
        sendVariableValues: { all: true },
        sendHeaders: { all: true },
        sendErrors: { unmodified: true },
        reportErrorFunction: (error) => void failures.push(error.message),
      }),
    ],
  });
  await server.start();
  const ask = (query: string, client: [string, string], variables: Record<string, unknown> = {}) =>
    server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        search: '',
        headers: new HeaderMap([
          ['content-type', 'application/json'],
          ['apollographql-client-name', client[0]],
          ['apollographql-client-version', client[1]],
        ]),
        body: { query, variables },
      },
      context: async () => ({}),
    });
  return { server, ask, failures };
}

test('what a real Apollo Server reports decides what a check says, and nothing private of it is kept', async () => {
  const token = await kit.token(undefined, { graph: 'reported' });
  await kit.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('products', sdl)] } });
  const { server, ask, failures } = await serveAndReport(token, 'reported@current');
  for (let round = 0; round < 3; round += 1)
    await ask('query Page($id: ID!) { product(id: $id) { title } }', ['web', '1.2'], { id: 'private-id' });
  await ask('query Old { product(id: "private literal") { renamed: price boom } }', ['legacy', '9']);
  await ask('{ nothing }', ['web', '1.2']);
  const operations = async (query = '') =>
    (await kit.send('GET', `/api/operations${query}`, { token })).body['operations'] as {
      name: string;
      requests: number;
      clients: string[];
    }[];
  await expect
    .poll(async () => (await operations()).map(({ name, requests, clients }) => [name, requests, clients.join()]), { timeout: 20_000 })
    .toEqual([
      ['Old', 1, 'legacy@9'],
      ['Page', 3, 'web@1.2'],
    ]);
  await server.stop();
  expect(failures).toEqual([]);

  const removal = async (field: string, usage: Record<string, unknown> = {}) => {
    const changed = subgraph('products', sdl.replace(field, ''));
    const { body } = await kit.send('POST', '/api/checks', { token, body: { subgraphs: [changed], usage } });
    const findings = body['findings'] as { code: string; severity: string; operations?: { name: string; lastSeen: string }[] }[];
    return findings.find(({ code }) => code === 'FIELD_REMOVED');
  };
  expect(await removal('title: String!')).toMatchObject({
    severity: 'error',
    operations: [{ name: 'Page', lastSeen: expect.stringMatching(/^20/) }],
  });
  expect(await removal('price: Int')).toMatchObject({ severity: 'error', operations: [{ name: 'Old' }] });
  expect(await removal('price: Int', { excludedClients: ['legacy'] })).toMatchObject({ severity: 'warning' });
  expect(await removal('price: Int', { minRequests: 2 })).toMatchObject({ severity: 'warning' });

  const { rows } = await kit.registry.pool.query(
    `SELECT coordinate, sum(requests)::int AS requests, sum(executions)::int AS executions, sum(errors)::int AS errors
     FROM field_usage WHERE graph = 'reported@current' GROUP BY 1 ORDER BY 1`,
  );
  expect(rows).toEqual([
    { coordinate: 'Product.boom', requests: 1, executions: 1, errors: 1 },
    { coordinate: 'Product.price', requests: 1, executions: 1, errors: 0 },
    { coordinate: 'Product.title', requests: 3, executions: 3, errors: 0 },
    { coordinate: 'Query.product', requests: 4, executions: 4, errors: 0 },
  ]);
  const { rows: refused } = await kit.registry.pool.query('SELECT kind, client_name FROM refused_usage');
  expect(refused).toEqual([{ kind: 'GraphQLValidationFailure', client_name: 'web' }]);
  const { rows: dump } = await kit.registry.pool.query(
    'SELECT (SELECT json_agg(o) FROM operation o)::text || (SELECT json_agg(u) FROM operation_usage u)::text || (SELECT json_agg(f) FROM field_usage f)::text AS text',
  );
  expect((dump[0] as { text: string }).text).not.toMatch(/private|secret|Lamp/);
});

test('an operation that was registered and one that is reported are the same, however it is written', async () => {
  const token = await kit.token(undefined, { graph: 'met' });
  const document = 'query Page { product(id: "7") { t: title } }';
  const hash = createHash('sha256').update(document).digest('hex');
  await kit.send('POST', '/api/operations', { token, body: { operations: [{ name: 'Page', document, hash, clients: ['manifest@1'] }] } });
  await ingress(token, report({ '# Page\nquery Page{product(id:""){title}}': 5 }), gzip);
  const { operations } = (await kit.send('GET', '/api/operations', { token })).body as { operations: unknown[] };
  expect(operations).toMatchObject([{ name: 'Page', document, clients: ['web@1'], requests: 5, lastSeen: expect.any(String) }]);
});

test('an operation that only clients report which do not count is as if nobody reported it: who registered it counts', async () => {
  const token = await kit.token(undefined, { graph: 'crawled' });
  const document = 'query Page { product(id: "7") { title } }';
  const hash = createHash('sha256').update(document).digest('hex');
  await kit.send('POST', '/api/operations', { token, body: { operations: [{ name: 'Page', document, hash, clients: ['web@2'] }] } });
  await ingress(token, report({ '# Page\nquery Page{product(id:""){title}}': 5 }, {}, 'crawler'), gzip);
  const clients = async (query: string) =>
    ((await kit.send('GET', `/api/operations${query}`, { token })).body['operations'] as { clients: string[] }[]).map(
      (operation) => operation.clients,
    );
  expect(await clients('')).toEqual([['crawler@1']]);
  expect(await clients('?exclude=crawler&days=30&minRequests=10')).toEqual([['web@2']]);
  expect(await clients('?exclude=crawler&exclude=web')).toEqual([]);
  await ingress(token, report({ '# Page\nquery Page{product(id:""){title}}': 5 }), gzip);
  await kit.registry.pool.query(
    `UPDATE operation_usage SET day = day - 40, last_seen_at = now() - interval '40 days'
      WHERE client_name = 'web' AND operation_id IN (SELECT id FROM operation WHERE graph = 'crawled@current')`,
  );
  expect(await clients('?exclude=crawler&days=30')).toEqual([]);
});

test('clients that make up names without end take no rows without end', async () => {
  await using small = await startRegistryKit({ MAX_CLIENTS: '3' });
  const token = await small.token();
  const send = (name: string, queries: Record<string, number>) =>
    small.send('POST', '/api/ingress/traces', {
      body: report(queries, {}, name) as unknown as string,
      headers: { 'x-api-key': token, ...gzip },
    });
  for (const name of ['web', 'ios', 'bot 1', 'bot 2', 'bot 3', 'web'])
    expect((await send(name, { '# A\nquery A{a}': 1 })).status).toBe(200);
  const { rows } = await small.registry.pool.query(
    'SELECT client_name AS name, client_version AS version, requests::int FROM operation_usage ORDER BY 1',
  );
  expect(rows).toEqual([
    { name: 'bot 1', version: '1', requests: 1 },
    { name: 'ios', version: '1', requests: 1 },
    { name: 'other', version: 'other', requests: 2 },
    { name: 'web', version: '1', requests: 2 },
  ]);
});

test.each([Number.POSITIVE_INFINITY, -1e300, 1e300])(
  'a trace that stands for %d others counts none of them',
  async (fieldExecutionWeight) => {
    const token = await kit.token(undefined, { graph: 'weights' });
    const root = { child: [{ responseName: 'a', parentType: 'Query' }] };
    const body = Report.encode({ tracesPerQuery: { '# A\nquery A{a}': { trace: [{ fieldExecutionWeight, root }] } } }).finish();
    expect((await ingress(token, body)).status).toBe(200);
    const { rows } = await kit.registry.pool.query("SELECT executions::int FROM field_usage WHERE graph = 'weights@current'");
    expect(rows).toEqual([{ executions: 0 }]);
  },
);

test('clients whose names cannot be told apart once they are written are one', async () => {
  const token = await kit.token(undefined, { graph: 'halves' });
  const names = ['😀', '🌀'].map((picture) => `${'a'.repeat(99)}${picture}`);
  const statsWithContext = names.map((clientName) => ({ context: { clientName }, queryLatencyStats: { requestCount: 2 } }));
  const body = Report.encode({ tracesPerQuery: { '# A\nquery A{a}': { statsWithContext } } }).finish();
  expect((await ingress(token, body)).status).toBe(200);
  const { operations } = (await kit.send('GET', '/api/operations', { token })).body as { operations: unknown[] };
  expect(operations).toMatchObject([{ name: 'A', requests: 4, clients: [expect.stringMatching(/^a{99}\uFFFD@unknown$/)] }]);
});

test('an operation that was not seen for longer than the window no longer counts', async () => {
  const token = await kit.token(undefined, { graph: 'window' });
  await ingress(token, report({ '# Page\nquery Page{a}': 5 }), gzip);
  await kit.registry.pool.query(
    `WITH o AS (UPDATE operation SET last_seen_at = now() - interval '40 days' WHERE graph = 'window@current' RETURNING id)
     UPDATE operation_usage SET day = day - 40, last_seen_at = now() - interval '40 days' WHERE operation_id IN (SELECT id FROM o)`,
  );
  const count = async (query: string) =>
    ((await kit.send('GET', `/api/operations${query}`, { token })).body['operations'] as unknown[]).length;
  expect([await count(''), await count('?days=50'), await count('?days=30')]).toEqual([1, 1, 0]);
  await forgetUsage(kit.registry.pool, new Date(Date.now() - 30 * 86_400_000));
  expect(await count('')).toBe(0);
});

test('reports at once are all counted, and operations beyond the limit are counted but not kept', async () => {
  const token = await kit.token(undefined, { graph: 'many' });
  const bodies = Array.from({ length: 10 }, () => report({ '# A\nquery A{a}': 1, '# B\nquery B{b}': 2 }));
  const replies = await Promise.all(bodies.map((body) => ingress(token, body, gzip)));
  expect(replies.map(({ status }) => status)).toEqual(bodies.map(() => 200));
  await ingress(token, report({ '# C\nquery C{c}': 4, '# D\nquery D{d}': 4 }), gzip);
  const { operations } = (await kit.send('GET', '/api/operations', { token })).body as { operations: { name: string; requests: number }[] };
  expect(operations.map(({ name, requests }) => `${name} ${requests}`)).toEqual(['A 10', 'B 20', expect.stringMatching(/^[CD] 4$/)]);
  const { rows } = await kit.registry.pool.query("SELECT kind, requests::int FROM refused_usage WHERE graph = 'many@current'");
  expect(rows).toEqual([{ kind: 'TooManyOperations', requests: 4 }]);
  await kit.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('a', 'type Query { a: Int z: Int }')] } });
  const check = async (usage: Record<string, unknown>) =>
    (await kit.send('POST', '/api/checks', { token, body: { subgraphs: [subgraph('a', 'type Query { a: Int }')], usage } })).body[
      'findings'
    ];
  const incomplete = { severity: 'warning', code: 'USAGE_INCOMPLETE', message: expect.stringContaining('4 requests') };
  expect(await check({})).toContainEqual(expect.objectContaining(incomplete));
  expect(await check({ days: 1 })).toContainEqual(expect.objectContaining(incomplete));
  await kit.registry.pool.query("UPDATE refused_usage SET day = day - 40 WHERE graph = 'many@current'");
  expect(await check({ days: 30 })).not.toContainEqual(expect.objectContaining({ code: 'USAGE_INCOMPLETE' }));
});

test('a report that is sent again, also at the same time, is counted once', async () => {
  const token = await kit.token(undefined, { graph: 'again' });
  const requests = async () =>
    ((await kit.send('GET', '/api/operations', { token })).body['operations'] as { requests: number }[]).map(
      (operation) => operation.requests,
    );
  const endingAt = (seconds: number) => report({ '# A\nquery A{a}': 1 }, { endTime: { seconds, nanos: 0 } });
  const now = Math.floor(Date.now() / 1_000);
  const replies = await Promise.all(Array.from({ length: 5 }, () => ingress(token, endingAt(now), gzip)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(await requests()).toEqual([1]);
  await ingress(token, endingAt(now + 1), gzip);
  expect(await requests()).toEqual([2]);
  const other = await kit.token(undefined, { graph: 'again-elsewhere' });
  await ingress(other, endingAt(now), gzip);
  const { rows } = await kit.registry.pool.query("SELECT count(*)::int FROM counted_report WHERE graph LIKE 'again%'");
  expect(rows).toEqual([{ count: 3 }]);
  await kit.registry.pool.query("UPDATE counted_report SET counted_at = now() - interval '25 hours'");
  await forgetUsage(kit.registry.pool, new Date(0));
  expect((await kit.registry.pool.query('SELECT FROM counted_report')).rowCount).toBe(0);
});

test.each<[string, Uint8Array, Record<string, string>, number, string]>([
  ['nothing', new Uint8Array(), {}, 400, 'NOT_A_REPORT'],
  ['noise', randomBytes(200).fill(0xff), {}, 400, 'NOT_A_REPORT'],
  ['what only says that it is gzip', randomBytes(50), gzip, 400, 'NOT_GZIP'],
  ['a cut gzip', report({ '# A\n{a}': 1 }).subarray(0, 20), gzip, 400, 'NOT_GZIP'],
  ['a gzip bomb', gzipSync(Buffer.alloc(50_000_000)), gzip, 413, 'BODY_TOO_LARGE'],
  ['brotli', randomBytes(20), { 'content-encoding': 'br' }, 415, 'UNSUPPORTED_BODY'],
  ['a body over the limit', new Uint8Array(300_000), {}, 413, 'BODY_TOO_LARGE'],
  ['a report of another graph', report({}, { header: { graphRef: 'other@prod' } }), gzip, 403, 'RIGHT_MISSING'],
])('a report that is %s is refused with what to do', async (_what, body, headers, status, code) => {
  expect(await ingress(await kit.token(), body, headers)).toMatchObject({ status, code });
});

test('reports need the right for it', async () => {
  expect(await ingress(await kit.token(['read']), report({}), gzip)).toMatchObject({ status: 403, code: 'RIGHT_MISSING' });
});
