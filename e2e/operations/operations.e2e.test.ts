import { randomUUID } from 'node:crypto';
import type { Storefront } from '@clients/storefront';
import {
  AccountRegisterDocument,
  AccountSettingsDocument,
  CartCreateDocument,
  CartLinesAddDocument,
  CartLinesUpdateDocument,
  CartPageDocument,
  CategoryMenuDocument,
  CategoryPageDocument,
  CheckoutContactDocument,
  CheckoutShippingDocument,
  EverythingDocument,
  FulfillmentCreateDocument,
  InventoryAdjustDocument,
  InventoryAdminDocument,
  ModerationQueueDocument,
  OrderAdminDocument,
  OrderDetailDocument,
  type OrderFilter,
  OrderHistoryDocument,
  OrderPlaceDocument,
  ProductPageDocument,
  ProfileUpdateDocument,
  ReviewFormDocument,
  ReviewModerateDocument,
  ReviewSubmitDocument,
  SearchPageDocument,
  SessionCreateDocument,
  SessionRefreshDocument,
  SessionRevokeDocument,
} from '@clients/storefront/documents';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, getOperationAST } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { documentNames } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { codesOf, send } from '../support/gateway.ts';
import { changeCart, homeAddress, placeOrder, purchasableVariants, readyCart } from '../support/shopping.ts';
import { ask, present, signedIn, visitor } from '../support/storefront.ts';

/** Every document of clients/operations is sent as the client sends it, by its registered hash; the last test counts that none was left out. */
describe('the documents that clients send', () => {
  const url = inject('gatewayUrl');
  const slug = 'norrland-cast-iron-skillet';
  const sent = new Set<string>();
  const guest = visitor(url);
  let customer: Storefront;
  let moderator: Storefront;
  let orderManager: Storefront;
  let catalogManager: Storefront;

  function run<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    who: Storefront = guest,
  ): Promise<Data> {
    sent.add(fileOf(document));
    return ask(who, document, variables);
  }
  const cartStep: typeof changeCart = (shopper, document, variables) => {
    sent.add(fileOf(document));
    return changeCart(shopper, document, variables);
  };

  beforeAll(async () => {
    sent.add(fileOf(SessionCreateDocument));
    customer = await signedIn(url, 'customer@example.com');
    moderator = await signedIn(url, 'moderator@example.com');
    orderManager = await signedIn(url, 'orders@example.com');
    catalogManager = await signedIn(url, 'catalog@example.com');
  });

  afterAll(() => {
    expect([...sent].sort()).toEqual(documentNames());
  });

  it('product-page shows product, prices, delivery, ratings, reviews and questions in one answer', async () => {
    const page = await run(ProductPageDocument, { slug, currency: 'EUR', countryCode: 'DE' });
    const product = present(page.product);
    expect(product).toMatchObject({ slug, title: 'Norrland Cast Iron Skillet', brand: 'Norrland Ironworks' });
    expect(product.category?.parent).toMatchObject({ slug: 'kitchen' });
    expect(product.variants.nodes).toHaveLength(3);
    expect(product.variants.nodes[0]?.deliveryEstimates?.length).toBeGreaterThan(0);
    const rating = present(product.ratingSummary);
    expect(rating.distribution.reduce((sum, { count }) => sum + count, 0)).toBe(rating.count);
    expect(product.reviews?.nodes[0]?.author?.displayName).toMatch(/\S/);
    expect(product.reviews?.totalCount).toBe(rating.count);
  });

  it('search-page finds what was asked for, with facets and stars', async () => {
    const { productSearch } = await run(SearchPageDocument, { query: 'skillet', currency: 'EUR' });
    expect(productSearch.nodes.map((node) => node.slug)).toContain(slug);
    expect(productSearch.facets.map(({ key }) => key)).toContain('brand');
    expect(productSearch.nodes.some(({ ratingSummary }) => (ratingSummary?.count ?? 0) > 0)).toBe(true);
  });

  it('category-menu and category-page lead from the menu to products', async () => {
    const { categories } = await run(CategoryMenuDocument, {});
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
    const leaf = present(categories[0]?.children.find((child) => child.slug === 'cookware'));
    const page = await run(CategoryPageDocument, {
      slug: 'cookware',
      categoryIds: [leaf.id],
      first: 10,
    });
    expect(page.category?.name).toBe('Cookware');
    expect(page.products.totalCount).toBe(15);
    expect(page.products.nodes).toHaveLength(10);
  });

  it('account-register accepts a new address, account-settings and profile-update serve an old one', async () => {
    const input = { email: `new-${randomUUID()}@example.net`, password: 'a long enough password', displayName: 'Newcomer' };
    expect(await run(AccountRegisterDocument, { input })).toMatchObject({ accountRegister: { accepted: true, userErrors: [] } });
    const { me } = await run(AccountSettingsDocument, {}, customer);
    expect(me?.email).toBe('customer@example.com');
    expect(me?.addresses?.length).toBeGreaterThan(0);
    expect(me?.sessions?.filter(({ current }) => current)).toHaveLength(1);
    const updated = await run(ProfileUpdateDocument, { input: { givenName: 'Clara' } }, customer);
    expect(updated).toMatchObject({ profileUpdate: { account: { givenName: 'Clara' }, userErrors: [] } });
  });

  it('the cart and checkout documents lead to an order', async () => {
    const shopper = customer;
    const [first = '', second = ''] = await purchasableVariants(shopper, 2);
    const created = await cartStep(shopper, CartCreateDocument, { currency: 'EUR', lines: [{ variantId: first, quantity: 1 }] });
    const added = await cartStep(shopper, CartLinesAddDocument, { cartId: created.id, lines: [{ variantId: second, quantity: 2 }] });
    expect(added.itemCount).toBe(3);
    const line = present(added.lines.find(({ variant }) => variant?.id === second));
    const updated = await cartStep(shopper, CartLinesUpdateDocument, { cartId: created.id, lines: [{ lineId: line.id, quantity: 1 }] });
    expect(updated.itemCount).toBe(2);
    const addressed = await cartStep(shopper, CheckoutContactDocument, {
      cartId: created.id,
      input: { email: 'customer@example.com', shippingAddress: homeAddress },
    });
    const ready = await cartStep(shopper, CheckoutShippingDocument, {
      cartId: created.id,
      optionId: present(addressed.shippingOptions[0]).id,
    });
    const { cart } = await run(CartPageDocument, { id: created.id }, customer);
    expect(cart?.totals.total.minor).toBe(ready.totals.total.minor);
    expect(cart?.lines[0]?.variant?.product?.title).toMatch(/\S/);
    sent.add(fileOf(OrderPlaceDocument));
    const placed = await placeOrder(shopper, ready);
    expect(placed.userErrors).toEqual([]);
    expect(placed.order?.totals.total.minor).toBe(ready.totals.total.minor);
  });

  it('order-history and order-detail show orders whose lines add up', async () => {
    const { me } = await run(OrderHistoryDocument, { first: 20 }, customer);
    const orders = present(me?.orders);
    expect(orders.totalCount).toBeGreaterThanOrEqual(14);
    const completed = present(orders.nodes.find(({ status }) => status === 'COMPLETED'));
    const order = present((await run(OrderDetailDocument, { number: completed.number }, customer)).order);
    const lines = order.lines.reduce((sum, { total }) => sum + total.minor, 0);
    expect(lines + order.totals.shipping.minor).toBe(order.totals.total.minor);
    expect(order.history.nodes.length).toBeGreaterThan(2);
    expect(order.lines[0]?.variant?.product?.slug).toMatch(/\S/);
  });

  it('review-form lists what waits for a word, review-submit takes it, moderation-queue and review-moderate decide', async () => {
    const { product } = await run(ProductPageDocument, { slug, currency: 'EUR', countryCode: 'DE' });
    const form = await run(ReviewFormDocument, { productId: present(product).id }, customer);
    const item = present(form.me?.reviewableItems?.nodes[0]?.product);
    expect(item.title).toMatch(/\S/);
    const input = { productId: item.id, rating: 4, title: 'Good', body: 'Does what it promises, every day.' };
    const { reviewSubmit } = await run(ReviewSubmitDocument, { input }, customer);
    expect(reviewSubmit).toMatchObject({ review: { status: 'PENDING', verifiedPurchase: true }, userErrors: [] });
    const { reviewModerationQueue } = await run(ModerationQueueDocument, { first: 5 }, moderator);
    expect(reviewModerationQueue.totalCount).toBeGreaterThan(0);
    expect(reviewModerationQueue.nodes[0]?.author?.displayName).toMatch(/\S/);
    const decided = await run(ReviewModerateDocument, { id: present(reviewSubmit.review).id, input: { decision: 'PUBLISH' } }, moderator);
    expect(decided).toMatchObject({ reviewModerate: { review: { status: 'PUBLISHED' }, userErrors: [] } });
  });

  it('order-admin finds confirmed orders and fulfillment-create ships one', async () => {
    const filter: OrderFilter = { status: ['CONFIRMED'], fulfillmentStatus: ['UNFULFILLED'] };
    const { orders } = await run(OrderAdminDocument, { filter, first: 5 }, orderManager);
    expect(orders.nodes.map(({ status }) => status)).toEqual(orders.nodes.map(() => 'CONFIRMED'));
    const own = await readyCart(customer, await purchasableVariants(customer, 1));
    const order = present((await placeOrder(customer, own)).order);
    const input = {
      lines: order.lines.map(({ id, quantity }) => ({ lineId: id, quantity })),
      carrier: 'DHL',
      trackingNumber: 'DH123',
      idempotencyKey: randomUUID(),
    };
    const { fulfillmentCreate } = await run(FulfillmentCreateDocument, { orderId: order.id, input }, orderManager);
    expect(fulfillmentCreate).toMatchObject({ order: { fulfillmentStatus: 'FULFILLED' }, userErrors: [] });
  });

  it('inventory-admin shows exact stock and inventory-adjust corrects it by compare and swap', async () => {
    const { product } = await run(InventoryAdminDocument, { slug }, catalogManager);
    const variant = present(product?.variants.nodes[0]);
    const shelf = present(variant.inventory?.[0]);
    const change = { variantId: variant.id, locationId: shelf.location.id, delta: 2, changeFrom: shelf.onHand };
    const { inventoryAdjust } = await run(
      InventoryAdjustDocument,
      { input: { idempotencyKey: randomUUID(), reason: 'Stock-take', changes: [change] } },
      catalogManager,
    );
    expect(inventoryAdjust.userErrors).toEqual([]);
    const after = inventoryAdjust.variants?.[0]?.inventory?.find(({ location }) => location.id === shelf.location.id);
    expect(after?.onHand).toBe(shelf.onHand + 2);
  });

  it('session-refresh gives the next tokens once, session-revoke ends the session, and what it knew is gone', async () => {
    const shopper = await signedIn(url, 'support@example.com');
    const first = present(await shopper.session.accessToken());
    const [second, third] = await Promise.all([shopper.session.refresh(first), shopper.session.refresh(first)]);
    sent.add(fileOf(SessionRefreshDocument));
    expect(second).toBe(third);
    expect(second).not.toBe(first);
    expect((await ask(shopper, AccountSettingsDocument, {})).me?.email).toBe('support@example.com');
    await shopper.session.signOut();
    sent.add(fileOf(SessionRevokeDocument));
    expect(shopper.session.state).toEqual({ kind: 'anonymous' });
    // A gateway may remember for a moment that the session was there.
    await eventually(async () => {
      expect(codesOf(await send(url, { query: '{ me { email } }', token: second }))).toEqual(['UNAUTHENTICATED']);
    });
  });

  it('everything reaches all four subgraphs in one answer', async () => {
    const { me } = await run(EverythingDocument, { orders: 10 }, customer);
    const lines = present(me?.orders).nodes.flatMap((order) => order.lines);
    const products = lines.flatMap(({ variant }) => variant?.product ?? []);
    expect(products.length).toBeGreaterThan(5);
    const authors = products.flatMap(({ reviews }) => present(reviews).nodes.map(({ author }) => present(author)));
    expect(authors.length).toBeGreaterThan(5);
    for (const author of authors) expect(author.memberSince).toMatch(/^20\d\d-/);
  });
});

/** The file of a document: `ProductPage` is product-page.graphql. */
function fileOf(document: DocumentNode): string {
  const name = getOperationAST(document)?.name?.value ?? '';
  return name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
