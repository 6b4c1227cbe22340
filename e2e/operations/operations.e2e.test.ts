import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { documentNames, documentText } from '../support/documents.ts';
import { sendOk } from '../support/gateway.ts';
import { changeCart, homeAddress, placeOrder, purchasableVariants, readyCart, type Shopper } from '../support/shopping.ts';
import { signIn } from '../support/sign-in.ts';

/** Every document of clients/operations is sent as it is; the last test counts that none was left out. */
describe('the documents that clients send', () => {
  const url = inject('gatewayUrl');
  const slug = 'norrland-cast-iron-skillet';
  const sent = new Set<string>(['session-create']);
  let customer: string;
  let moderator: string;
  let orderManager: string;
  let catalogManager: string;

  const run = <Data>(name: string, variables: Record<string, unknown> = {}, token?: string): Promise<Data> => {
    sent.add(name);
    return sendOk<Data>(url, { query: documentText(name), variables, token });
  };
  const cartStep = (shopper: Shopper, name: string, variables: Record<string, unknown>): ReturnType<typeof changeCart> => {
    sent.add(name);
    return changeCart(shopper, name, variables);
  };

  beforeAll(async () => {
    customer = await signIn(url, 'customer@example.com');
    moderator = await signIn(url, 'moderator@example.com');
    orderManager = await signIn(url, 'orders@example.com');
    catalogManager = await signIn(url, 'catalog@example.com');
  });

  afterAll(() => {
    expect([...sent].sort()).toEqual(documentNames());
  });

  it('product-page shows product, prices, delivery, ratings, reviews and questions in one answer', async () => {
    const { product } = await run<{ product: ProductPage }>('product-page', { slug, currency: 'EUR', countryCode: 'DE' });
    expect(product).toMatchObject({ slug, title: 'Norrland Cast Iron Skillet', brand: 'Norrland Ironworks' });
    expect(product.category.parent).toMatchObject({ slug: 'kitchen' });
    expect(product.variants.nodes).toHaveLength(3);
    expect(product.variants.nodes[0]?.deliveryEstimates?.length).toBeGreaterThan(0);
    expect(product.ratingSummary.distribution.reduce((sum, { count }) => sum + count, 0)).toBe(product.ratingSummary.count);
    expect(product.reviews.nodes[0]?.author.displayName).toMatch(/\S/);
    expect(product.reviews.totalCount).toBe(product.ratingSummary.count);
  });

  it('search-page finds what was asked for, with facets and stars', async () => {
    const { productSearch } = await run<{ productSearch: SearchPage }>('search-page', { query: 'skillet', currency: 'EUR' });
    expect(productSearch.nodes.map((node) => node.slug)).toContain(slug);
    expect(productSearch.facets.map(({ key }) => key)).toContain('brand');
    expect(productSearch.nodes.some(({ ratingSummary }) => ratingSummary.count > 0)).toBe(true);
  });

  it('category-menu and category-page lead from the menu to products', async () => {
    const { categories } = await run<{ categories: { slug: string; children: { id: string; slug: string }[] }[] }>('category-menu');
    expect(categories.map((category) => category.slug)).toEqual([
      'kitchen',
      'furniture',
      'lighting',
      'home-textiles',
      'outdoor',
      'audio-desk',
      'clothing',
      'play',
    ]);
    const leaf = categories[0]?.children.find((child) => child.slug === 'cookware');
    const page = await run<{ category: { name: string }; products: { totalCount: number; nodes: unknown[] } }>('category-page', {
      slug: 'cookware',
      categoryIds: [leaf?.id],
      first: 10,
    });
    expect(page.category.name).toBe('Cookware');
    expect(page.products.totalCount).toBe(15);
    expect(page.products.nodes).toHaveLength(10);
  });

  it('account-register accepts a new address, account-settings and profile-update serve an old one', async () => {
    const input = { email: `new-${randomUUID()}@example.net`, password: 'a long enough password', displayName: 'Newcomer' };
    expect(await run('account-register', { input })).toMatchObject({ accountRegister: { accepted: true, userErrors: [] } });
    const { me } = await run<{ me: { email: string; addresses: unknown[]; sessions: { current: boolean }[] } }>(
      'account-settings',
      {},
      customer,
    );
    expect(me.email).toBe('customer@example.com');
    expect(me.addresses.length).toBeGreaterThan(0);
    expect(me.sessions.filter(({ current }) => current)).toHaveLength(1);
    const updated = await run('profile-update', { input: { givenName: 'Clara' } }, customer);
    expect(updated).toMatchObject({ profileUpdate: { account: { givenName: 'Clara' }, userErrors: [] } });
  });

  it('the cart and checkout documents lead to an order', async () => {
    const shopper = { url, token: customer };
    const [first, second] = await purchasableVariants(shopper, 2);
    const created = await cartStep(shopper, 'cart-create', { currency: 'EUR', lines: [{ variantId: first, quantity: 1 }] });
    const added = await cartStep(shopper, 'cart-lines-add', { cartId: created.id, lines: [{ variantId: second, quantity: 2 }] });
    expect(added.itemCount).toBe(3);
    const line = added.lines.find(({ variant }) => variant?.id === second);
    const updated = await cartStep(shopper, 'cart-lines-update', { cartId: created.id, lines: [{ lineId: line?.id, quantity: 1 }] });
    expect(updated.itemCount).toBe(2);
    const addressed = await cartStep(shopper, 'checkout-contact', {
      cartId: created.id,
      input: { email: 'customer@example.com', shippingAddress: homeAddress },
    });
    const ready = await cartStep(shopper, 'checkout-shipping', { cartId: created.id, optionId: addressed.shippingOptions[0]?.id });
    const { cart } = await run<{ cart: { totals: { total: { minor: number } }; lines: { variant: { product: { title: string } } }[] } }>(
      'cart-page',
      { id: created.id },
      customer,
    );
    expect(cart.totals.total.minor).toBe(ready.totals.total.minor);
    expect(cart.lines[0]?.variant.product.title).toMatch(/\S/);
    sent.add('order-place');
    const placed = await placeOrder(shopper, ready);
    expect(placed.userErrors).toEqual([]);
    expect(placed.order?.totals.total.minor).toBe(ready.totals.total.minor);
  });

  it('order-history and order-detail show orders whose lines add up', async () => {
    const { me } = await run<{ me: { orders: { totalCount: number; nodes: { number: string; status: string }[] } } }>(
      'order-history',
      { first: 20 },
      customer,
    );
    expect(me.orders.totalCount).toBeGreaterThanOrEqual(14);
    const completed = me.orders.nodes.find(({ status }) => status === 'COMPLETED');
    const { order } = await run<{ order: OrderDetail }>('order-detail', { number: completed?.number }, customer);
    const lines = order.lines.reduce((sum, { total }) => sum + total.minor, 0);
    expect(lines + order.totals.shipping.minor).toBe(order.totals.total.minor);
    expect(order.history.nodes.length).toBeGreaterThan(2);
    expect(order.lines[0]?.variant?.product.slug).toMatch(/\S/);
  });

  it('review-form lists what waits for a word, review-submit takes it, moderation-queue and review-moderate decide', async () => {
    const { product } = await sendOk<{ product: { id: string } }>(url, { query: `{ product(slug: "${slug}") { id } }` });
    const form = await run<{ me: { reviewableItems: { nodes: { product: { id: string; title: string } }[] } } }>(
      'review-form',
      { productId: product.id },
      customer,
    );
    const item = form.me.reviewableItems.nodes[0];
    expect(item?.product.title).toMatch(/\S/);
    const input = { productId: item?.product.id, rating: 4, title: 'Good', body: 'Does what it promises, every day.' };
    const { reviewSubmit } = await run<{ reviewSubmit: { review: { id: string; status: string; verifiedPurchase: boolean } } }>(
      'review-submit',
      { input },
      customer,
    );
    expect(reviewSubmit).toMatchObject({ review: { status: 'PENDING', verifiedPurchase: true }, userErrors: [] });
    const { reviewModerationQueue } = await run<{
      reviewModerationQueue: { totalCount: number; nodes: { author: { displayName: string } }[] };
    }>('moderation-queue', { first: 5 }, moderator);
    expect(reviewModerationQueue.totalCount).toBeGreaterThan(0);
    expect(reviewModerationQueue.nodes[0]?.author.displayName).toMatch(/\S/);
    const decided = await run('review-moderate', { id: reviewSubmit.review.id, input: { decision: 'PUBLISH' } }, moderator);
    expect(decided).toMatchObject({ reviewModerate: { review: { status: 'PUBLISHED' }, userErrors: [] } });
  });

  it('order-admin finds confirmed orders and fulfillment-create ships one', async () => {
    const filter = { status: ['CONFIRMED'], fulfillmentStatus: ['UNFULFILLED'] };
    const { orders } = await run<{ orders: { nodes: { id: string; status: string; lines: { id: string; quantity: number }[] }[] } }>(
      'order-admin',
      { filter, first: 5 },
      orderManager,
    );
    expect(orders.nodes.map(({ status }) => status)).toEqual(orders.nodes.map(() => 'CONFIRMED'));
    const own = await readyCart({ url, token: customer }, await purchasableVariants({ url }, 1));
    const placed = await placeOrder({ url, token: customer }, own);
    const input = {
      lines: (placed.order?.lines ?? []).map(({ id, quantity }) => ({ lineId: id, quantity })),
      carrier: 'DHL',
      trackingNumber: 'DH123',
      idempotencyKey: randomUUID(),
    };
    const { fulfillmentCreate } = await run<{ fulfillmentCreate: { order: { fulfillmentStatus: string }; userErrors: unknown[] } }>(
      'fulfillment-create',
      { orderId: placed.order?.id, input },
      orderManager,
    );
    expect(fulfillmentCreate).toMatchObject({ order: { fulfillmentStatus: 'FULFILLED' }, userErrors: [] });
  });

  it('inventory-admin shows exact stock and inventory-adjust corrects it by compare and swap', async () => {
    const { product } = await run<{ product: { variants: { nodes: { id: string; inventory: Stock[] }[] } } }>(
      'inventory-admin',
      { slug },
      catalogManager,
    );
    const variant = product.variants.nodes[0];
    const shelf = variant?.inventory[0];
    const change = { variantId: variant?.id, locationId: shelf?.location.id, delta: 2, changeFrom: shelf?.onHand };
    const { inventoryAdjust } = await run<{ inventoryAdjust: { variants: { inventory: Stock[] }[]; userErrors: unknown[] } }>(
      'inventory-adjust',
      { input: { idempotencyKey: randomUUID(), reason: 'Stock-take', changes: [change] } },
      catalogManager,
    );
    expect(inventoryAdjust.userErrors).toEqual([]);
    const after = inventoryAdjust.variants[0]?.inventory.find(({ location }) => location.id === shelf?.location.id);
    expect(after?.onHand).toBe((shelf?.onHand ?? 0) + 2);
  });

  it('everything reaches all four subgraphs in one answer', async () => {
    const { me } = await run<{ me: Everything }>('everything', { orders: 10 }, customer);
    const products = me.orders.nodes.flatMap(({ lines }) => lines.flatMap(({ variant }) => (variant ? [variant.product] : [])));
    expect(products.length).toBeGreaterThan(5);
    const authors = products.flatMap(({ reviews }) => reviews.nodes.map(({ author }) => author));
    expect(authors.length).toBeGreaterThan(5);
    for (const author of authors) expect(author.memberSince).toMatch(/^20\d\d-/);
  });
});

interface Stock {
  readonly location: { readonly id: string };
  readonly onHand: number;
}

interface ProductPage {
  readonly category: { readonly parent: { readonly slug: string } };
  readonly variants: { readonly nodes: readonly { readonly deliveryEstimates: readonly unknown[] | null }[] };
  readonly ratingSummary: { readonly count: number; readonly distribution: readonly { readonly count: number }[] };
  readonly reviews: { readonly totalCount: number; readonly nodes: readonly { readonly author: { readonly displayName: string } }[] };
}

interface SearchPage {
  readonly nodes: readonly { readonly slug: string; readonly ratingSummary: { readonly count: number } }[];
  readonly facets: readonly { readonly key: string }[];
}

interface OrderDetail {
  readonly lines: readonly {
    readonly total: { readonly minor: number };
    readonly variant: { readonly product: { readonly slug: string } } | null;
  }[];
  readonly totals: { readonly shipping: { readonly minor: number }; readonly total: { readonly minor: number } };
  readonly history: { readonly nodes: readonly unknown[] };
}

interface Everything {
  readonly orders: {
    readonly nodes: readonly {
      readonly lines: readonly {
        readonly variant: {
          readonly product: { readonly reviews: { readonly nodes: readonly { readonly author: { readonly memberSince: string } }[] } };
        } | null;
      }[];
    }[];
  };
}
