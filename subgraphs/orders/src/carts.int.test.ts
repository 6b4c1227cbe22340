import { anonymous, type Principal } from '@app/auth';
import { newId } from '@app/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { codes, type Field, OrdersKit, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());
beforeEach(() => {
  kit.stock.failing.clear();
});

let n = 9_000;
const offer = (facts: Parameters<OrdersKit['stock']['offer']>[1] = {}) => {
  n += 1;
  return kit.stock.offer(n, facts);
};

interface CartSeen {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly itemCount: number;
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly variant: { readonly id: string } }[];
  readonly problems: readonly { readonly code: string }[];
  readonly totals: { readonly total: { readonly minor: number } };
}
const fields =
  'cart { id version status itemCount lines { id quantity variant { id } } problems { code line { id } } totals { total { minor } } } warnings { code } userErrors { code path }';

const create = (lines: readonly object[] | null, principal: Principal) =>
  kit.mutate(`mutation ($input: CartCreateInput!) { cartCreate(input: $input) { ${fields} } }`, { input: { lines } }, principal);
const add = (cartId: string, lines: readonly object[], principal: Principal) =>
  kit.mutate(
    `mutation ($id: ID!, $lines: [CartLineInput!]!) { cartLinesAdd(cartId: $id, lines: $lines) { ${fields} } }`,
    { id: cartId, lines },
    principal,
  );
const claim = (cartId: string, principal: Principal) =>
  kit.mutate(`mutation ($id: ID!) { cartClaim(cartId: $id) { ${fields} } }`, { id: cartId }, principal);
const cartOf = (payload: Field) => payload['cart'] as CartSeen;

test('a variant is one line whose quantity grows; 0 removes it; every change counts the version up', async () => {
  const [first, second] = [offer(), offer()];
  const cart = cartOf(await create([{ variantId: first, quantity: 1 }], anonymous));
  const more = cartOf(await add(cart.id, [{ variantId: first, quantity: 2 }, { variantId: second }], anonymous));
  expect(more).toMatchObject({ version: cart.version + 1, itemCount: 4, lines: [{ quantity: 3 }, { quantity: 1 }] });
  const update = `mutation ($id: ID!, $lines: [CartLineUpdateInput!]!) { cartLinesUpdate(cartId: $id, lines: $lines) { ${fields} } }`;
  const less = cartOf(await kit.mutate(update, { id: cart.id, lines: [{ lineId: more.lines[0]?.id, quantity: 0 }] }));
  expect(less).toMatchObject({ version: cart.version + 2, itemCount: 1, lines: [{ variant: { id: second } }] });
  expect(codes(await add(cart.id, [{ variantId: second, quantity: 99 }], anonymous))).toEqual(['OUT_OF_RANGE']);
});

test('a cart holds fifty lines, and not one more', async () => {
  const lines = Array.from({ length: 50 }, () => ({ variantId: offer() }));
  const cart = cartOf(await create(lines, anonymous));
  expect(cart.lines).toHaveLength(50);
  expect(codes(await add(cart.id, [{ variantId: offer() }], anonymous))).toEqual(['TOO_MANY']);
});

test('parallel changes of one cart all happen, one after the other', async () => {
  const cart = cartOf(await create(null, anonymous));
  const variants = Array.from({ length: 12 }, () => offer());
  await Promise.all(variants.map((variantId) => add(cart.id, [{ variantId }], anonymous)));
  const stored = await kit.db.cart.findUniqueOrThrow({ where: { id: cart.id }, include: { lines: true } });
  expect(stored.lines).toHaveLength(12);
  expect(stored.version).toBe(cart.version + 12);
});

test("a guest's cart is claimed once, its lines added to those of the account, and then nobody else's", async () => {
  const [shared, own, guests] = [offer(), offer(), offer()];
  const person = kit.person();
  const mine = cartOf(
    await create(
      [
        { variantId: shared, quantity: 1 },
        { variantId: own, quantity: 1 },
      ],
      person,
    ),
  );
  const guest = cartOf(
    await create(
      [
        { variantId: shared, quantity: 2 },
        { variantId: guests, quantity: 1 },
      ],
      anonymous,
    ),
  );
  const claims = await Promise.all(Array.from({ length: 5 }, () => claim(guest.id, person)));
  for (const payload of claims) expect(cartOf(payload)).toMatchObject({ id: mine.id, itemCount: 5 });
  expect(cartOf(await claim(guest.id, person))).toMatchObject({ id: mine.id, itemCount: 5 });
  expect(codes(await claim(guest.id, kit.person()))).toEqual(['NOT_FOUND']);
  const asked = `{ cart(id: "${mine.id}") { id } }`;
  expect((await kit.ask(asked)).data).toEqual({ cart: null });
  expect((await kit.ask(asked, {}, person)).data).toEqual({ cart: { id: mine.id } });
});

test('without a cart of its own the account takes the guest cart as it is', async () => {
  const person = kit.person();
  const guest = cartOf(await create([{ variantId: offer() }], anonymous));
  expect(cartOf(await claim(guest.id, person)).id).toBe(guest.id);
  const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { cart { id } } } }';
  const of = [{ __typename: 'Account', id: person.id }];
  expect((await kit.ask(query, { of }, person)).data?.['_entities']).toEqual([{ cart: { id: guest.id } }]);
  expect((await kit.ask(query, { of }, kit.person())).data?.['_entities']).toEqual([{ cart: null }]);
});

/** Lets something happen while the next change of a cart waits for the catalogue. */
function meanwhile(work: () => Promise<unknown>): void {
  const { catalogue } = kit.deps;
  const { variants } = catalogue;
  const interrupted: typeof variants = async (...asked) => {
    Object.assign(catalogue, { variants });
    await work();
    return variants(...asked);
  };
  Object.assign(catalogue, { variants: interrupted });
}

test('a change of a cart that is claimed meanwhile is counted, and refused to whoever it does not belong to any more', async () => {
  const [person, variantId] = [kit.person(), offer()];
  const [guest, lost] = [cartOf(await create(null, anonymous)), cartOf(await create(null, anonymous))];
  meanwhile(() => claim(guest.id, person));
  expect(cartOf(await add(guest.id, [{ variantId }], person))).toMatchObject({ version: guest.version + 2, itemCount: 1 });
  meanwhile(() => kit.db.cart.update({ where: { id: lost.id }, data: { accountId: person.id } }));
  expect(codes(await add(lost.id, [{ variantId }], anonymous))).toEqual(['NOT_FOUND']);
  const stored = await kit.db.cart.findUniqueOrThrow({ where: { id: lost.id }, include: { lines: true } });
  expect(stored).toMatchObject({ version: lost.version, lines: [] });
});

test('drift of price and stock is a warning on the cart, and its total is that of now', async () => {
  const [dearer, scarce, gone] = [offer(), offer({ onHand: 5 }), offer()];
  const cart = cartOf(await create([{ variantId: dearer }, { variantId: scarce, quantity: 4 }, { variantId: gone }], anonymous));
  expect(cart.problems).toEqual([]);
  Object.assign(kit.stock.offers.get(dearer) ?? {}, { priceMinor: 1_500 });
  Object.assign(kit.stock.offers.get(scarce) ?? {}, { onHand: 2 });
  Object.assign(kit.stock.offers.get(gone) ?? {}, { purchasable: false });
  const { data } = await kit.ask(`{ cart(id: "${cart.id}") { totals { total { minor } } problems { code line { id } } } }`);
  const seen = data?.['cart'] as unknown as CartSeen;
  expect(seen.problems.map(({ code }) => code)).toEqual(['PRICE_CHANGED', 'QUANTITY_REDUCED', 'VARIANT_UNAVAILABLE']);
  expect(seen.totals.total.minor).toBe(cart.totals.total.minor + 500);
});

test('a cart is shown at its last known prices while the catalogue is away', async () => {
  const cart = cartOf(await create([{ variantId: offer({ priceMinor: 700 }), quantity: 2 }], anonymous));
  kit.stock.failing.add('getVariants');
  const { data, errors } = await kit.ask(`{ cart(id: "${cart.id}") { totals { total { minor } } } }`);
  expect(errors).toBeUndefined();
  expect(data?.['cart']).toEqual({ totals: { total: { minor: 1_400 } } });
});

test('editing and ordering at the same instant: what is ordered is what was seen, and nothing is lost', async () => {
  for (let round = 0; round < 10; round += 1) {
    const variantId = offer();
    const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }]);
    const [placed, edited] = await Promise.all([kit.place(cart), add(cart.id, [{ variantId }], anonymous)]);
    const isOrdered = codes(placed).length === 0;
    if (isOrdered) {
      expect(orderOf(placed)).toMatchObject({ totals: { total: cart.total } });
      expect(orderOf(placed)['lines']).toHaveLength(1);
      expect(codes(edited)[0] ?? '').toMatch(/^CART_/);
    } else {
      expect(codes(placed)).toEqual(['CART_CHANGED']);
      expect(codes(edited)).toEqual([]);
    }
  }
});

test('a code is applied once, checked, and taken off again', async () => {
  await kit.db.promotion.create({
    data: { id: newId('prm'), code: 'TENOFF', title: 'Ten off', kind: 'PERCENT', percent: 10, minimumMinor: 1_000n },
  });
  const cart = cartOf(await create([{ variantId: offer({ priceMinor: 999 }) }], anonymous));
  const code = (name: string) =>
    kit.mutate(`mutation ($id: ID!) { ${name}(cartId: $id, code: " tenoff ") { ${fields} } }`, { id: cart.id });
  expect(codes(await code('cartPromotionApply'))).toEqual(['PROMOTION_MINIMUM']);
  await add(cart.id, [{ variantId: offer({ priceMinor: 1_001 }) }], anonymous);
  expect(cartOf(await code('cartPromotionApply')).totals.total.minor).toBe(1_800);
  expect(cartOf(await code('cartPromotionApply')).totals.total.minor).toBe(1_800);
  expect(cartOf(await code('cartPromotionRemove')).totals.total.minor).toBe(2_000);
});
