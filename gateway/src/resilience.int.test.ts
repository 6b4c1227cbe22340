import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { shop } from './testing/shop.ts';
import { composeSupergraph, startTestGateway } from './testing/test-gateway.ts';
import { type Behaviour, startTestSubgraph } from './testing/test-subgraph.ts';

const QUERY = '{ product(id: "1") { name reviews { stars } } }';

test.each<[Behaviour, string]>([
  ['hang', 'TIMEOUT'],
  ['garbage', 'DOWNSTREAM_UNAVAILABLE'],
  ['html', 'DOWNSTREAM_UNAVAILABLE'],
  ['huge', 'DOWNSTREAM_UNAVAILABLE'],
  ['redirect', 'DOWNSTREAM_UNAVAILABLE'],
  ['null', 'DOWNSTREAM_UNAVAILABLE'],
])('when a subgraph answers with %s, the rest is served with an honest error', async (behaviour, code) => {
  await using graph = await startTestGateway(shop, { FETCH_TIMEOUT_MS: '300', MAX_ANSWER_BYTES: '1000000' });
  const reviews = graph.subgraphs['reviews'];
  if (reviews) reviews.behaviour = behaviour;
  const answer = await graph.ask(QUERY);
  expect(answer).toMatchObject({ status: 200, codes: [code], data: { product: { name: 'Product 1', reviews: null } } });
  expect(answer.text).not.toMatch(/secret-host|127\.0\.0\.1/);
  if (reviews) reviews.behaviour = 'answer';
  expect((await graph.ask(QUERY)).errors).toEqual([]);
});

test('when a subgraph is gone, the rest is served', async () => {
  await using graph = await startTestGateway(shop);
  await graph.subgraphs['reviews']?.[Symbol.asyncDispose]();
  const answer = await graph.ask(QUERY);
  expect(answer).toMatchObject({ status: 200, codes: ['DOWNSTREAM_UNAVAILABLE'], data: { product: { name: 'Product 1', reviews: null } } });
});

test('what fails for every entity of an answer is told to the client for each, and to the log ten times', async () => {
  const fail = () => {
    throw new Error('no stars');
  };
  const films = Array.from({ length: 50 }, (_, id) => ({ id }));
  const sdl = 'type Query { films: [Film] } type Film { id: ID stars: Int }';
  await using graph = await startTestGateway({ films: { sdl, resolvers: { Query: { films: () => films }, Film: { stars: fail } } } });
  const faultsOf = (requestId: unknown) => graph.logLines.filter((line) => line['requestId'] === requestId && line['level'] === 'error');
  for (const requestId of ['first-request', 'second-request']) {
    expect((await graph.ask('{ films { stars } }', { headers: { 'x-request-id': requestId } })).errors).toHaveLength(50);
    expect(faultsOf(requestId)).toHaveLength(10);
  }
});

test.each([204, 401, 1000])('an error that asks for status %i leaves the answer as it is', async (status) => {
  const fail = () => {
    throw new GraphQLError('no stars', { extensions: { http: { status } } });
  };
  const sdl = 'type Query { title: String  stars: Int }';
  await using graph = await startTestGateway({ films: { sdl, resolvers: { Query: { title: () => 'One', stars: fail } } } });
  const expected = { status: 200, data: { title: 'One', stars: null }, errors: [{ path: ['stars'] }] };
  expect(await graph.ask('{ title stars }')).toMatchObject(expected);
  // Around Apollo Server.
  expect(await graph.ask('{ title stars }')).toMatchObject(expected);
});

test('a new supergraph is served without a restart, a bad one is refused and the old one goes on', async () => {
  await using graph = await startTestGateway(shop);
  const { schema } = graph.gateway;
  const before = schema.current.id;
  const refused = once(schema, 'refused');
  await writeFile(graph.supergraphFile, 'type Query { broken }');
  await refused;
  expect(schema.current.id).toBe(before);
  expect((await graph.ask(QUERY)).errors).toEqual([]);
  expect(graph.logLines.some((line) => String(line['msg']).includes('refused'))).toBe(true);

  const subgraphs = Object.entries(shop).map(
    ([name, { sdl }]) =>
      [name, { sdl: sdl.replace('boom: String', 'boom: String hello: String'), url: graph.subgraphs[name]?.url ?? '' }] as const,
  );
  const swapped = once(schema, 'swapped');
  await writeFile(graph.supergraphFile, composeSupergraph(Object.fromEntries(subgraphs)));
  await swapped;
  expect((await graph.ask('{ __type(name: "Query") { fields { name } } }')).text).toContain('hello');
  const metrics = await (await fetch(graph.gateway.metricsUrl)).text();
  expect(metrics).toContain(`gateway_schema_info{schema="${schema.current.id.slice(0, 12)}",service="gateway"} 1`);
  expect(metrics).not.toContain(before.slice(0, 12));
  expect(metrics).toMatch(/gateway_schema_updates_total\{outcome="refused",service="gateway"\} 1\n/);
});

test('requests in flight during swaps finish on the schema that they started on', async () => {
  await using graph = await startTestGateway(shop);
  const sdl = await readFile(graph.supergraphFile, 'utf8');
  const asking = Array.from({ length: 40 }, async (_item, index) => {
    if (index % 10 === 0) await graph.gateway.schema.update(`${sdl}\n# ${index}`);
    return graph.ask(QUERY);
  });
  const answers = await Promise.all(asking);
  expect(answers.flatMap((answer) => answer.codes)).toEqual([]);
});

test('an unknown feature for security stops the load', async () => {
  const edit = (sdl: string) => sdl.replace('schema\n', 'schema @link(url: "https://example.com/vault/v1.0", for: SECURITY)\n');
  await expect(startTestGateway(shop, {}, edit)).rejects.toThrow(/vault/);
});

test('a drain answers what is in flight and then refuses connections', async () => {
  const graph = await startTestGateway(shop, { DRAIN_DELAY_MS: '50' });
  const catalog = graph.subgraphs['catalog'];
  const asking = Promise.all(Array.from({ length: 10 }, () => graph.ask(QUERY)));
  await expect.poll(() => catalog?.seen.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const stopping = graph.gateway.stop();
  expect((await graph.send('/readyz')).status).toBe(503);
  expect((await graph.send('/livez')).status).toBe(200);
  expect((await asking).flatMap((answer) => answer.codes)).toEqual([]);
  await stopping;
  await expect(graph.ask(QUERY)).rejects.toThrow();
  await graph[Symbol.asyncDispose]();
});

test('a wrong supergraph, a missing file and a taken port stop the start', async () => {
  await expect(startTestGateway(shop, {}, () => 'nonsense')).rejects.toThrow();
  await expect(startTestGateway(shop, { SUPERGRAPH: '/nowhere/supergraph.graphql' })).rejects.toThrow(/ENOENT/);
  await using graph = await startTestGateway(shop);
  await expect(startTestGateway(shop, { PORT: new URL(graph.gateway.url).port })).rejects.toThrow(/EADDRINUSE/);
});

test.each(['compiled', 'stock'])('a subgraph is asked where configuration says it is (%s executor)', async (EXECUTOR) => {
  await using elsewhere = await startTestSubgraph(shop['catalog'] ?? { sdl: '', resolvers: {} });
  await using graph = await startTestGateway(shop, { EXECUTOR, SUBGRAPH_URLS: `catalog=${elsewhere.url}` });
  expect((await graph.ask('{ product(id: "1") { name } }')).errors).toEqual([]);
  expect(elsewhere.seen).toHaveLength(1);
  expect(graph.fetches()).toBe(0);
});

test("a request ends at its own deadline, however long a subgraph's is", async () => {
  await using graph = await startTestGateway(shop, { REQUEST_TIMEOUT_MS: '1000', FETCH_TIMEOUT_MS: '60000' });
  // On a busy machine planning alone may take that long.
  await expect.poll(async () => (await graph.ask(QUERY)).codes, { timeout: 20_000 }).toEqual([]);
  const reviews = graph.subgraphs['reviews'];
  if (reviews) reviews.behaviour = 'hang';
  expect(await graph.ask(QUERY)).toMatchObject({
    status: 200,
    data: { product: { name: 'Product 1', reviews: null } },
    codes: [expect.stringMatching(/TIMEOUT|DOWNSTREAM_UNAVAILABLE/)],
  });
});

test('a request does not wait longer for its plan than for anything else', async () => {
  await using graph = await startTestGateway(shop, { REQUEST_TIMEOUT_MS: '1' });
  expect(await graph.ask(QUERY)).toMatchObject({ status: 504, codes: ['TIMEOUT'], data: undefined });
  expect(graph.fetches()).toBe(0);
});

test('an operation that cannot be planned in time is refused as a whole', async () => {
  await using graph = await startTestGateway(shop, { PLAN_TIMEOUT_MS: '1' });
  expect(await graph.ask(QUERY)).toMatchObject({ status: 504, codes: ['TIMEOUT'], data: undefined });
  expect(graph.fetches()).toBe(0);
});
