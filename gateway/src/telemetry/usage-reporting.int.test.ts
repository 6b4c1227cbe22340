import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Report, Trace } from '@apollo/usage-reporting-protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import type { SubgraphContext } from '../testing/test-subgraph.ts';

const received: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly report: Report }[] = [];
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  received.push({ url: request.url ?? '', headers: request.headers, report: Report.decode(gunzipSync(Buffer.concat(chunks))) });
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});

/** The trace that a subgraph makes of one resolver, as Apollo Server's inline trace does. */
const trace = new Trace({
  startTime: { seconds: 1, nanos: 0 },
  endTime: { seconds: 1, nanos: 5 },
  durationNs: 5,
  root: { child: [{ responseName: 'products', type: '[Product!]!', parentType: 'Query', startTime: 1, endTime: 4 }] },
});
const ftv1 = Buffer.from(Trace.encode(trace).finish()).toString('base64');

/** The catalog traces for whoever asks; the reviews send something that is no trace. */
function traced(name: 'catalog' | 'reviews', answer: string) {
  const source = shop[name];
  if (!source) throw new Error('there is no such subgraph');
  const mark = (context: SubgraphContext) => {
    if (context.headers['apollo-federation-include-trace'] === 'ftv1') context.extensions = { ftv1: answer };
  };
  const wrap = (resolvers: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(resolvers).map(([field, resolve]) => [
        field,
        typeof resolve !== 'function' || field.startsWith('__')
          ? resolve
          : (parent: unknown, args: unknown, context: SubgraphContext) => {
              mark(context);
              return resolve(parent, args, context);
            },
      ]),
    );
  return { ...source, resolvers: Object.fromEntries(Object.entries(source.resolvers).map(([type, fields]) => [type, wrap(fields)])) };
}

let gateway: TestGateway;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  gateway = await startTestGateway(
    { catalog: traced('catalog', ftv1), reviews: traced('reviews', '!not a trace!') },
    {
      APOLLO_KEY: 'service:shop:secret',
      APOLLO_GRAPH_REF: 'shop@current',
      APOLLO_USAGE_REPORTING_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
      APOLLO_TRACE_SHARE: '1',
    },
  );
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

test('operations are reported with their client, their fields and the traces of subgraphs, and without what callers sent', async () => {
  const headers = { 'apollographql-client-name': 'storefront', 'apollographql-client-version': '7' };
  for (let round = 0; round < 3; round++)
    await gateway.ask('query List($first: Int) { products(first: $first) { name reviews { stars } } }', {
      variables: { first: 2 },
      headers,
    });
  await gateway.ask('query Boom { boom }', { headers });
  await gateway.ask('query Wrong { nothing }', { headers });
  // Stopping sends what was not sent yet.
  await gateway[Symbol.asyncDispose]();

  expect(received.map(({ url, headers: { 'x-api-key': key } }) => [url, key])).toEqual([['/api/ingress/traces', 'service:shop:secret']]);
  const report = received[0]?.report;
  expect(report?.header?.graphRef).toBe('shop@current');
  const keys = Object.keys(report?.tracesPerQuery ?? {});
  const list = report?.tracesPerQuery[keys.find((key) => key.startsWith('# List')) ?? ''];
  expect(keys.find((key) => key.startsWith('# List'))).toContain('query List($first:Int){products(first:$first){name reviews{stars}}}');
  expect(list?.referencedFieldsByType).toMatchObject({ Product: { fieldNames: ['name', 'reviews'] }, Review: { fieldNames: ['stars'] } });
  const [sample] = (list?.trace ?? []) as Trace[];
  expect(sample).toMatchObject({ clientName: 'storefront', clientVersion: '7' });
  const [first, second] = sample?.queryPlan?.sequence?.nodes ?? [];
  expect(first?.fetch).toMatchObject({ serviceName: 'catalog', traceParsingFailed: false });
  expect(first?.fetch?.trace?.root?.child?.[0]).toMatchObject({ responseName: 'products', parentType: 'Query' });
  expect(second?.flatten?.responsePath?.map(({ fieldName }) => fieldName)).toEqual(['products', '@']);
  expect(second?.flatten?.node?.fetch).toMatchObject({ serviceName: 'reviews', traceParsingFailed: true });
  const boom = report?.tracesPerQuery[keys.find((key) => key.startsWith('# Boom')) ?? ''];
  expect(JSON.stringify([list, boom])).not.toMatch(/hunter2|"first":2/);
  expect(report?.operationCount).toBeGreaterThanOrEqual(3);
});
