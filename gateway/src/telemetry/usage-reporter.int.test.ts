import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type IContextualizedStats, Report } from '@apollo/usage-reporting-protobuf';
import { CircuitBreakers, guardedFetch } from '@app/circuit-breaker';
import { expect, test } from 'vitest';
import type { RequestState } from '../operation/request-state.ts';
import { shop } from '../testing/shop.ts';
import { startTestGateway } from '../testing/test-gateway.ts';
import { createUsageReporter } from './usage-reporter.ts';

/** Takes reports as a registry does; `status` says how it answers. */
async function startIngress() {
  const reports: Report[] = [];
  const keys = new Set<unknown>();
  const state = { status: 200, asked: 0 };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    state.asked += 1;
    keys.add(request.headers['x-api-key']);
    if (state.status === 200 && request.url === '/api/ingress/traces') reports.push(Report.decode(gunzipSync(Buffer.concat(parts))));
    response.writeHead(state.status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const counts = () => {
    const rows = reports.flatMap(({ tracesPerQuery }) =>
      Object.entries(tracesPerQuery).flatMap(([key, { statsWithContext }]) =>
        (statsWithContext as IContextualizedStats[]).map(({ context, queryLatencyStats }) => ({
          key: key.split('\n')[0],
          client: `${context?.clientName}@${context?.clientVersion}`,
          requests: queryLatencyStats?.requestCount ?? 0,
          errors: queryLatencyStats?.requestsWithErrorsCount ?? 0,
        })),
      ),
    );
    const sums = new Map<string, { requests: number; errors: number }>();
    for (const { key, client, requests, errors } of rows) {
      const sum = sums.get(`${key} ${client}`) ?? { requests: 0, errors: 0 };
      sums.set(`${key} ${client}`, { requests: sum.requests + requests, errors: sum.errors + errors });
    }
    return Object.fromEntries([...sums].sort(([left], [right]) => left.localeCompare(right)));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    keys,
    state,
    counts,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const web = { 'apollographql-client-name': 'web', 'apollographql-client-version': '1' };

test('what clients send is counted by operation and client, and nothing private is told', async () => {
  await using ingress = await startIngress();
  await using gateway = await startTestGateway(shop, { USAGE_URL: ingress.url, USAGE_KEY: 'key', USAGE_INTERVAL_MS: '20' });
  const page = 'query Page($id: ID!) { product(id: $id) { title: name } }';
  for (const id of ['private-1', 'private-2', 'private-3']) await gateway.ask(page, { variables: { id }, headers: web });
  await gateway.ask('query Page { product(id: "private literal") { name } }');
  await gateway.ask('query Boom { boom }', { headers: web });
  await gateway.ask('{ nothing }', { headers: web });
  await gateway.ask('{ product(', { headers: web });
  await gateway.ask(page, { operationName: 'Other', headers: web });
  await expect
    .poll(() => ingress.counts(), { timeout: 20_000 })
    .toEqual({
      '# Boom web@1': { requests: 1, errors: 1 },
      '# Page @': { requests: 1, errors: 0 },
      '# Page web@1': { requests: 3, errors: 0 },
      '## GraphQLParseFailure web@1': { requests: 1, errors: 1 },
      '## GraphQLUnknownOperationName web@1': { requests: 1, errors: 1 },
      '## GraphQLValidationFailure web@1': { requests: 1, errors: 1 },
    });
  expect(JSON.stringify(ingress.reports)).not.toMatch(/private|hunter2/);
  const fields = ingress.reports.map(({ tracesPerQuery }) => JSON.stringify(tracesPerQuery)).join();
  expect(fields).toContain('"fieldNames":["name"]');
  expect(fields).toContain('query Page($id:ID!){product(id:$id){name}}');
  expect(ingress.keys).toEqual(new Set(['key']));
});

test('while the registry is away counts are kept, and the end of the gateway sends what is left', async () => {
  await using ingress = await startIngress();
  ingress.state.status = 503;
  const gateway = await startTestGateway(shop, { USAGE_URL: ingress.url, USAGE_KEY: 'key', USAGE_INTERVAL_MS: '20' });
  await gateway.ask('query Page { products { name } }', { headers: web });
  await expect.poll(() => ingress.state.asked, { timeout: 20_000 }).toBeGreaterThan(1);
  ingress.state.status = 200;
  await expect.poll(() => ingress.counts(), { timeout: 20_000 }).toEqual({ '# Page web@1': { requests: 1, errors: 0 } });
  await gateway.ask('query Last { products { name } }', { headers: web });
  await gateway[Symbol.asyncDispose]();
  expect(ingress.counts()).toMatchObject({ '# Last web@1': { requests: 1 } });
  expect(gateway.logLines.some(({ msg }) => msg === 'usage cannot be reported')).toBe(true);
});

test('a registry that refuses reports is told of, and does not pile them up', async () => {
  await using ingress = await startIngress();
  ingress.state.status = 401;
  await using gateway = await startTestGateway(shop, { USAGE_URL: ingress.url, USAGE_KEY: 'wrong', USAGE_INTERVAL_MS: '20' });
  await gateway.ask('query Page { products { name } }');
  await expect.poll(() => JSON.stringify(gateway.logLines), { timeout: 20_000 }).toContain('usage report refused: 401');
  expect(ingress.state.asked).toBe(1);
  expect((await gateway.ask('query Page { products { name } }')).status).toBe(200);
});

test('an address without a key stops the start', async () => {
  await expect(startTestGateway(shop, { USAGE_URL: 'http://127.0.0.1' })).rejects.toThrow('USAGE_KEY is not set');
});

test('of a sample each request stands for the others', async () => {
  await using ingress = await startIngress();
  const drawn = [0.05, 0.5, 0.09, 0.1];
  const reporter = createUsageReporter({
    ask: guardedFetch(new CircuitBreakers(), { id: 'usage' }),
    url: ingress.url,
    key: 'key',
    graphRef: 'shop@current',
    share: 0.1,
    intervalMs: 1_000_000,
    random: () => drawn.shift() ?? 1,
    now: () => new Date(),
    onError: (error) => expect(error).toBeUndefined(),
  });
  const state = { errorCodes: ['GRAPHQL_PARSE_FAILED'], client: { name: 'web', version: '1' } } as unknown as RequestState;
  for (let index = 0; index < 4; index += 1) reporter.record(state, 1);
  await reporter[Symbol.asyncDispose]();
  expect(ingress.counts()).toEqual({ '## GraphQLParseFailure web@1': { requests: 20, errors: 20 } });
});
