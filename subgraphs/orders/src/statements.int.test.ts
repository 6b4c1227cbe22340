import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrdersKit, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
const ids: string[] = [];
beforeAll(async () => {
  kit = await OrdersKit.start();
  for (let n = 1; n <= 6; n += 1) {
    const cart = await kit.readyCart([
      { variantId: kit.stock.offer(n), quantity: 1 },
      { variantId: kit.stock.offer(100 + n), quantity: 2 },
    ]);
    ids.push(orderOf(await kit.place(cart)).id);
  }
  await kit.openRuns();
});
afterAll(() => kit[Symbol.asyncDispose]());

const fields = `id number totals { total { minor } } amountPaid { minor } lines { id variant { id } } payments { id events { kind } }
  fulfillments { id lines { line { id } } } returns { id } history(first: 5) { nodes { kind } } availableActions nextAction { url }`;

/** Statements that answering an operation takes. */
async function statementsOf(query: string, variables: object = {}): Promise<number> {
  kit.statements.length = 0;
  const { errors } = await kit.ask(query, variables, kit.person('SUPPORT', 'ORDER_MANAGER'));
  expect(errors).toBeUndefined();
  return kit.statements.length;
}

test('a list of orders with lines, payments, ledgers, parcels and history takes as many statements for six as for one', async () => {
  const list = (first: number) => statementsOf(`{ orders(first: ${first}) { nodes { ${fields} } } }`);
  const one = await list(1);
  const six = await list(6);
  process.stdout.write(`statements of an order list: ${six}\n`);
  expect(six).toBe(one);
  expect(six).toBeLessThanOrEqual(14);
});

test('so does asking for orders by reference', async () => {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { ${fields} } } }`;
  const of = (count: number) => statementsOf(query, { of: ids.slice(0, count).map((id) => ({ __typename: 'Order', id })) });
  expect(await of(6)).toBe(await of(1));
});

test('so do the orders of several accounts, and delivery estimates of many variants', async () => {
  const account = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { orders(first: 3) { nodes { id } } cart { id } } } }`;
  const accounts = (count: number) =>
    statementsOf(account, {
      of: Array.from({ length: count }, (_, n) => ({ __typename: 'Account', id: `usr_${n.toString(16).padStart(32, '0')}` })),
    });
  expect(await accounts(20)).toBe(await accounts(1));
  const variant = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ProductVariant { deliveryEstimates(countryCode: "DE") { methodName } } } }`;
  const variants = (count: number) =>
    statementsOf(variant, {
      of: Array.from({ length: count }, (_, n) => ({ __typename: 'ProductVariant', id: `var_${n}`, weightGrams: 100 + n })),
    });
  expect(await variants(30)).toBe(await variants(1));
});

test('foreign and malformed references are null, and the others are answered', async () => {
  const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { id } } }';
  const of = [ids[0], 'ord_x', '', 'a\u0000b', `ord_${'0'.repeat(32)}`].map((id) => ({ __typename: 'Order', id }));
  const { data, errors } = await kit.ask(query, { of }, kit.person('SUPPORT'));
  expect(errors).toBeUndefined();
  expect(data?.['_entities']).toEqual([{ id: ids[0] }, null, null, null, null]);
  expect((await kit.ask(query, { of }, kit.person())).data?.['_entities']).toEqual([null, null, null, null, null]);
});
