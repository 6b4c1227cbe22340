import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { codes, type Field, OrdersKit, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());
beforeEach(() => kit.stock.failing.clear());

const fields =
  'id name version status step failures lastError refusalReason waitingFor continuesAt endedAt order { id } steps { name outcome }';
const staff = () => kit.person('ORDER_MANAGER');

let offers = 0;
async function place(token: string): Promise<string> {
  offers += 1;
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(offers), quantity: 1 }]);
  return orderOf(await kit.place(cart, undefined, { token })).id;
}

async function workflow(id: string): Promise<Field | null> {
  const { data, errors } = await kit.ask(`query ($id: ID!) { workflow(id: $id) { ${fields} } }`, { id }, staff());
  expect(errors).toBeUndefined();
  return data?.['workflow'] ?? null;
}

const steer = (name: string, id: string, reason?: string): Promise<Field> =>
  reason === undefined
    ? kit.mutate(`mutation ($id: ID!) { ${name}(id: $id) { workflow { ${fields} } userErrors { code message path } } }`, { id }, staff())
    : kit.mutate(
        `mutation ($id: ID!, $input: WorkflowStopInput!) { ${name}(id: $id, input: $input) { workflow { ${fields} } userErrors { code message path } } }`,
        { id, input: { reason } },
        staff(),
      );

const history = async (orderId: string) =>
  (await kit.db.orderEntry.findMany({ where: { orderId }, orderBy: { id: 'asc' } })).map(({ kind }) => kind);

test('staff sees a run with its order, its steps, and what was undone', async () => {
  const id = await place('tok_declined');
  expect(await workflow(`place:${id}`)).toMatchObject({
    name: 'place-order',
    version: 1,
    status: 'REFUSED',
    refusalReason: 'PAYMENT_DECLINED',
    order: { id },
    steps: [
      { name: 'reserve-stock', outcome: 'DONE' },
      { name: 'claim-promotions', outcome: 'DONE' },
      { name: 'authorize-payment', outcome: 'REFUSED' },
      { name: 'authorize-payment', outcome: 'COMPENSATED' },
      { name: 'claim-promotions', outcome: 'COMPENSATED' },
      { name: 'reserve-stock', outcome: 'COMPENSATED' },
      { name: 'after refusal', outcome: 'COMPENSATED' },
    ],
  });
  expect(await workflow('place:nothing')).toBeNull();
});

test('runs are listed page by page and by state, process and order', async () => {
  const ids = [await place('tok_success'), await place('tok_success'), await place('tok_requires_action')];
  const list = async (args: string) => {
    const { data, errors } = await kit.ask(
      `{ workflows(${args}) { nodes { id status steps { name } } totalCount pageInfo { hasNextPage endCursor } } }`,
      {},
      staff(),
    );
    expect(errors).toBeUndefined();
    return data?.['workflows'] as unknown as {
      nodes: { id: string }[];
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
  const first = await list('first: 2, filter: { name: "place-order" }');
  expect(first.nodes.map(({ id }) => id)).toEqual([`place:${ids[2]}`, `place:${ids[1]}`]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const next = await list(`first: 1, after: "${first.pageInfo.endCursor}", filter: { name: "place-order" }`);
  expect(next.nodes.map(({ id }) => id)).toEqual([`place:${ids[0]}`]);
  expect(next.totalCount).toBeGreaterThanOrEqual(3);
  expect((await list('filter: { status: [WAITING] }')).nodes).toMatchObject([{ id: `place:${ids[2]}`, status: 'WAITING' }]);
  expect((await list(`filter: { orderId: "${ids[0]}" }`)).totalCount).toBe(1);
  expect((await list('filter: { name: "no-such" }')).nodes).toEqual([]);
});

test('a run that pauses is tried at once, and its order remembers who did it', async () => {
  kit.stock.failing.add('commit');
  const id = await place('tok_success');
  expect(await workflow(`place:${id}`)).toMatchObject({ status: 'RETRYING', step: 'commit-stock', lastError: expect.any(String) });
  kit.stock.failing.clear();
  expect(codes(await steer('workflowRetry', `place:${id}`))).toEqual([]);
  await kit.continueRuns();
  expect(await workflow(`place:${id}`)).toMatchObject({ status: 'DONE', failures: 0, step: null });
  expect(await history(id)).toContain('RUN_RETRIED');
  expect(codes(await steer('workflowRetry', `place:${id}`))).toEqual(['RUN_NOT_RESUMABLE']);
  expect(codes(await steer('workflowRetry', 'place:nothing'))).toEqual(['NOT_FOUND']);
});

test('a run that waits is stopped and continued, or turned around and undone; behind the pivot there is no way back', async () => {
  const id = await place('tok_requires_action');
  expect(await steer('workflowCancel', `place:${id}`, 'looks odd')).toMatchObject({ workflow: { status: 'CANCELLED' }, userErrors: [] });
  expect(codes(await steer('workflowCancel', `place:${id}`, 'again'))).toEqual(['RUN_NOT_CANCELLABLE']);
  expect(codes(await steer('workflowCompensate', `place:${id}`, 'again'))).toEqual(['RUN_NOT_COMPENSABLE']);
  await steer('workflowRetry', `place:${id}`);
  await kit.continueRuns();
  expect(await workflow(`place:${id}`)).toMatchObject({ status: 'WAITING', waitingFor: 'payment' });
  expect(codes(await steer('workflowCompensate', `place:${id}`, 'the customer called'))).toEqual([]);
  await kit.continueRuns();
  expect(await workflow(`place:${id}`)).toMatchObject({ status: 'REFUSED', refusalReason: 'CANCELLED' });
  expect((await kit.db.order.findUniqueOrThrow({ where: { id } })).status).toBe('REJECTED');
  expect(kit.stock.holds.has(id)).toBe(false);
  expect(await history(id)).toEqual(expect.arrayContaining(['RUN_STOPPED', 'RUN_RETRIED', 'RUN_UNDONE', 'REJECTED']));
  const other = await place('tok_success');
  expect(codes(await steer('workflowCompensate', `place:${other}`, 'too late'))).toEqual(['RUN_NOT_COMPENSABLE']);
  expect(codes(await steer('workflowCancel', `place:${id}`, ' '))).toEqual(['REQUIRED']);
});

test('only staff that may see orders sees runs, and only who may write orders and payments steers them', async () => {
  const id = await place('tok_success');
  const see = '{ workflows { nodes { id } } }';
  const retry = `mutation { workflowRetry(id: "place:${id}") { userErrors { code } } }`;
  expect((await kit.ask(see)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect((await kit.ask(see, {}, kit.person())).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await kit.ask(see, {}, kit.person('SUPPORT'))).errors).toBeUndefined();
  expect((await kit.ask(retry, {}, kit.person('SUPPORT'))).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
