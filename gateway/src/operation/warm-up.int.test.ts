import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

const owned = new AsyncDisposableStack();
let graph: TestGateway;
beforeAll(async () => {
  graph = owned.use(await startTestGateway(shop, { WARM_UP_OPERATIONS: '2', RATE_ANONYMOUS: '1000000' }));
});
afterAll(() => owned.disposeAsync());

const often = '{ product(id: "1") { name reviews { stars } } }';
const seldom = '{ products(first: 1) { id } }';
const gone = 'query Gone { boom }';

/** The next version: another text, and without a field. */
const nextVersion = (sdl: string, n: number) => `${sdl.replace(/\n {2}boom: .*\n/, '\n')}\n# version ${n}\n`;

test('a new supergraph is prepared for what is asked most, before it takes over', async () => {
  for (let n = 0; n < 5; n++) await graph.ask(often);
  for (let n = 0; n < 3; n++) await graph.ask(gone);
  await graph.ask(seldom);
  const { schema } = graph.gateway;
  await schema.update(nextVersion(schema.current.sdl, 1));
  const prepared = schema.current.operations.mostUsed(10).map(({ origin, uses }) => [origin.source, uses]);
  expect(prepared).toEqual([[often, 5]]);
  expect(graph.logLines).toContainEqual(expect.objectContaining({ msg: 'new supergraph prepared', operations: 1 }));
  expect(await graph.ask(often)).toMatchObject({ status: 200, codes: [] });
  expect((await graph.ask(gone)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});

test('a new supergraph takes over when it can plan, also when there is nothing to prepare', async () => {
  await using fresh = await startTestGateway(shop);
  const { schema } = fresh.gateway;
  const first = schema.current;
  await schema.update(nextVersion(first.sdl, 1));
  expect(schema.current).not.toBe(first);
  expect(await Promise.race([schema.current.executor.whenReady?.().then(() => 'ready'), setImmediate('not yet')])).toBe('ready');
});

test('twenty swaps under load fail no request', { timeout: 60_000 }, async () => {
  const { schema } = graph.gateway;
  let isOver = false;
  let answered = 0;
  const client = async () => {
    for (let n = 0; !isOver; n++) {
      const answer = await graph.ask(n % 3 === 0 ? `{ a${n % 50}: products(first: 2) { id name } }` : often);
      expect(answer).toMatchObject({ status: 200, codes: [] });
      answered += 1;
    }
  };
  const clients = Promise.all(Array.from({ length: 6 }, client));
  for (let n = 2; n < 22; n++) {
    const before = answered;
    await schema.update(nextVersion(schema.current.sdl, n));
    await expect.poll(() => answered).toBeGreaterThan(before);
  }
  isOver = true;
  await clients;
  expect(schema.current.sdl).toContain('# version 21');
});
