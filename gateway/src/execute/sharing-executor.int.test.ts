import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

/** Answers when the test lets it, and tells how often it was asked. */
class Shop {
  asked = 0;
  written = 0;
  /** Writes wait for it. */
  beforeWrites: Promise<void> = Promise.resolve();
  private open: (() => void) | undefined;
  private gate = Promise.resolve();

  readonly source: SubgraphSource = {
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
      type Query { count(by: Int = 1): Int broken: Int! wide: String }
      type Mutation { write: Int }`,
    resolvers: {
      Query: {
        count: (_parent: unknown, { by }: { by: number }) => this.answer(() => by * this.written),
        broken: () => this.answer(() => Promise.reject(new Error('broken'))),
        wide: () => this.answer(() => 'Größe ✓'),
      },
      Mutation: {
        write: async () => {
          await this.beforeWrites;
          this.written += 1;
          return this.written;
        },
      },
    },
  };

  /** Writes what others show, as one subgraph has another do. */
  readonly office: SubgraphSource = {
    sdl: `type Mutation { order: Int }`,
    resolvers: {
      Mutation: {
        order: () => {
          this.written += 1;
          return this.written;
        },
      },
    },
  };

  /** From now on whoever asks waits. */
  close(): void {
    this.gate = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  release(): void {
    this.open?.();
  }

  /** What was true when it was asked, once the gate is open. */
  private async answer<Value>(value: () => Value): Promise<Awaited<Value>> {
    this.asked += 1;
    const found = value();
    await Promise.all([this.gate, Promise.allSettled([found])]);
    return await found;
  }

  async untilAsked(times: number): Promise<void> {
    while (this.asked < times) await sleep(2);
  }
}

const owned = new AsyncDisposableStack();
let shop: Shop;
let issuer: TestIssuer;
let gateway: TestGateway;

beforeAll(async () => {
  issuer = owned.use(await startTestIssuer());
  shop = new Shop();
  gateway = owned.use(await startTestGateway({ shop: shop.source, office: shop.office }, { ISSUERS: issuer.config }));
});
beforeEach(() => {
  shop.release();
  shop.asked = 0;
});
afterAll(() => owned.disposeAsync());

/** Sends all of these while none is answered. */
async function together(queries: readonly (() => ReturnType<TestGateway['ask']>)[], asked: number) {
  shop.close();
  const answers = queries.map((ask) => ask());
  await shop.untilAsked(asked);
  await sleep(30);
  shop.release();
  return Promise.all(answers);
}

test('a query is executed once for all who ask for it at the same time', async () => {
  const answers = await together(
    Array.from({ length: 8 }, () => () => gateway.ask('{ wide }')),
    1,
  );
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['{"data":{"wide":"Größe ✓"}}']));
  expect(shop.asked).toBe(1);
  await gateway.ask('{ wide }');
  expect(shop.asked).toBe(2);
});

test('not with other variables, and not as another principal', async () => {
  const query = 'query Q($by: Int) { count(by: $by) }';
  const [customer, support] = [await issuer.as('CUSTOMER'), await issuer.as('SUPPORT')];
  const ask = (by: number, headers: Record<string, string> = {}) => gateway.ask(query, { variables: { by }, headers });
  const asks = [() => ask(1), () => ask(2), () => ask(1, customer), () => ask(1, support), () => ask(1)];
  const answers = await together(asks, 4);
  expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
  expect(shop.asked).toBe(4);
});

test('nobody joins a query that began before a write that was answered', async () => {
  shop.close();
  const early = gateway.ask('{ count }');
  await shop.untilAsked(1);
  const { data } = await gateway.ask('mutation { write }');
  const late = gateway.ask('{ count }');
  await shop.untilAsked(2);
  shop.release();
  expect([(await early).data, (await late).data]).toEqual([{ count: Number(data?.['write']) - 1 }, { count: data?.['write'] }]);
});

test('nobody joins a call that began before a write through another subgraph that was answered', async () => {
  shop.close();
  const early = gateway.ask('{ count }');
  await shop.untilAsked(1);
  const { data } = await gateway.ask('mutation { order }');
  const late = gateway.ask('{ count }');
  await shop.untilAsked(2);
  shop.release();
  expect([(await early).data, (await late).data]).toEqual([{ count: Number(data?.['order']) - 1 }, { count: data?.['order'] }]);
});

test('nobody joins a query of a new supergraph that began before a write on the old one was answered', async () => {
  const { promise, resolve: letWrite } = Promise.withResolvers<void>();
  shop.beforeWrites = promise;
  const seen = () => gateway.subgraphs['shop']?.seen.length ?? 0;
  const before = seen();
  const writing = gateway.ask('mutation { write }');
  await expect.poll(seen).toBe(before + 1);
  const { schema } = gateway.gateway;
  await schema.update(`${schema.current.sdl}\n# new`);
  shop.close();
  const early = gateway.ask('{ count }');
  await shop.untilAsked(1);
  letWrite();
  const { data } = await writing;
  const late = gateway.ask('{ count }');
  await shop.untilAsked(2);
  shop.release();
  expect([(await early).data, (await late).data]).toEqual([{ count: Number(data?.['write']) - 1 }, { count: data?.['write'] }]);
});

test('without Redis, nobody joins a query that began before a write that another worker answered', async () => {
  const workers = { WORKERS: '2', RESPONSE_CACHE: 'true', ENTITY_CACHE: 'true' };
  await using one = await startTestGateway({ shop: shop.source }, workers);
  await using two = await startTestGateway({ shop: shop.source }, workers);
  shop.close();
  const early = one.ask('{ count }');
  await shop.untilAsked(1);
  const { data } = await two.ask('mutation { write }');
  const late = one.ask('{ count }');
  await shop.untilAsked(2);
  shop.release();
  expect([(await early).data, (await late).data]).toEqual([{ count: Number(data?.['write']) - 1 }, { count: data?.['write'] }]);
});

test('an error is told to each under their own request', async () => {
  const answers = await together(
    ['one', 'two'].map((id) => () => gateway.ask('{ broken }', { headers: { 'x-request-id': `request-${id}-0123456789` } })),
    1,
  );
  expect(answers.map(({ data, errors }) => [data, errors.length])).toEqual([
    [null, 1],
    [null, 1],
  ]);
  expect(shop.asked).toBe(1);
});

test('who hangs up does not disturb the others, not even who asked first', async () => {
  shop.close();
  const { port, hostname } = new URL(gateway.gateway.url);
  const body = JSON.stringify({ query: '{ wide count }' });
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  await shop.untilAsked(2);
  const second = gateway.ask('{ wide count }');
  await sleep(30);
  socket.destroy();
  await sleep(30);
  shop.release();
  expect((await second).data).toMatchObject({ wide: 'Größe ✓' });
  expect(shop.asked).toBe(2);
});

test('who inspects a query has an execution of their own, and is told of its calls', async () => {
  const inspect = { 'x-gateway-inspect': '1' };
  const answers = await together(
    [{}, inspect, inspect].map((headers) => () => gateway.ask('{ wide }', { headers })),
    1,
  );
  const told = answers.map(({ text }) => (JSON.parse(text) as { extensions?: { inspection: { fetches: unknown[] } } }).extensions);
  expect(told).toEqual([
    undefined,
    ...[1, 2].map(() => ({ inspection: expect.objectContaining({ fetches: [expect.objectContaining({ subgraph: 'shop' })] }) })),
  ]);
});

test('who takes the answer in parts gets parts beside those who take it whole', async () => {
  const query = '{ wide ... @defer { count } }';
  const inParts = () => gateway.ask(query, { headers: { accept: 'multipart/mixed; deferSpec=20220824, application/json' } });
  const [whole, parts, moreParts] = await together([() => gateway.ask(query), inParts, inParts], 1);
  expect(whole?.data).toMatchObject({ wide: 'Größe ✓', count: shop.written });
  for (const answer of [parts, moreParts])
    expect(answer?.text).toMatch(/^\r\n---[\s\S]*"hasNext":true[\s\S]*"hasNext":false[\s\S]*-----\r\n$/);
});
