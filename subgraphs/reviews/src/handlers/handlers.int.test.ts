import { randomUUID } from 'node:crypto';
import { newId } from '@app/database';
import { type DraftEvent, type EventEnvelope, MemoryTransport, startConsumer } from '@app/events';
import { AccountErased, AccountProfileUpdated, AccountRegistered } from '@app/events/catalogue/account.events';
import { OrderDelivered, OrderRefunded } from '@app/events/catalogue/order.events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entities, keys, MODERATE, nobody, openReviews, product, type Reviews, SUBMIT } from '../../test/reviews-app.ts';
import { consumersOf } from '../consumers.ts';
import { recordDelivery } from '../service/projections.ts';

type Person = Awaited<ReturnType<Reviews['person']>>;

let reviews: Reviews;
let stop: () => Promise<void>;
let handled = 0;
const transport = new MemoryTransport();
const logEnds = new Map<string, number>();

beforeAll(async () => {
  reviews = await openReviews();
  const observe = ({ kind }: { kind: string }) => {
    if (kind === 'handled' || kind === 'duplicate' || kind === 'parked') handled += 1;
  };
  const running = consumersOf(reviews.db).map((consumer) => startConsumer({ ...consumer, transport, observe }));
  stop = async () => {
    await Promise.all(running.map((each) => each.stop()));
  };
});
afterAll(async () => {
  await stop();
  await reviews[Symbol.asyncDispose]();
});

/** Delivers an event as the relay of its publisher does, and waits until it has taken effect. */
async function happens(source: string, draft: DraftEvent, id = `evt_${randomUUID()}`): Promise<void> {
  const end = logEnds.get(source) ?? 0;
  const { type, version, data, streamType, streamId } = draft;
  const envelope: EventEnvelope = {
    specversion: '1.0',
    id,
    type,
    source,
    subject: streamId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: `${type}/${version}`,
    data,
    streamtype: streamType,
    streamversion: end + 1,
    position: end + 1,
  };
  const before = handled;
  logEnds.set(source, await transport.append(source, end, [envelope]));
  while (handled === before) await new Promise((resolve) => setTimeout(resolve, 5));
}

const line = (productId: string, quantity = 1) => ({ lineId: 'ol_1', productId, variantId: newId('var'), sku: 'SKU', quantity });
const ordered = (orderId: string, buyerId: string | null, productId: string, quantity = 1) => ({
  orderId,
  orderNumber: 'N1',
  buyerId,
  lines: [line(productId, quantity)],
});
const delivered = (orderId: string, buyerId: string | null, productId: string, quantity = 1) =>
  OrderDelivered.create(orderId, { ...ordered(orderId, buyerId, productId, quantity), deliveredAt: new Date().toISOString() });
const refunded = (orderId: string, buyerId: string, productId: string, quantity = 1) =>
  OrderRefunded.create(orderId, { ...ordered(orderId, buyerId, productId, quantity), amount: { minor: 100, currency: 'EUR' } });

async function reviewable(person: Person, account = person.id) {
  const query = entities('Account', 'reviewableItems { nodes { product { id } order { id } purchasedAt } }');
  const { data } = await reviews.call(person, query, keys('Account', [account]));
  return data._entities[0]?.reviewableItems?.nodes;
}

async function rating(productId: string) {
  const { data } = await reviews.call(nobody, entities('Product', 'ratingSummary { count verifiedCount }'), keys('Product', [productId]));
  return data._entities[0].ratingSummary;
}

describe('purchases', () => {
  test('make a review verified, until everything of them went back', async () => {
    const [ann, staff, productId, orderId] = [
      await reviews.person('Ann'),
      await reviews.person('Mo', 'MODERATOR'),
      product(),
      newId('ord'),
    ];
    await happens('orders', delivered(orderId, ann.id, productId, 2));
    expect(await reviewable(ann)).toMatchObject([{ product: { id: productId }, order: { id: orderId } }]);
    const { data } = await reviews.call(ann, SUBMIT, { input: { productId, rating: 5, body: 'Bought it' } });
    expect(data.it.review.verifiedPurchase).toBe(true);
    expect(await reviewable(ann)).toEqual([]);
    await reviews.call(staff, MODERATE, { id: data.it.review.id, input: { decision: 'PUBLISH' } });
    expect(await rating(productId)).toEqual({ count: 1, verifiedCount: 1 });
    await happens('orders', refunded(orderId, ann.id, productId, 1));
    expect(await rating(productId)).toEqual({ count: 1, verifiedCount: 1 });
    await happens('orders', refunded(orderId, ann.id, productId, 1));
    expect(await rating(productId)).toEqual({ count: 1, verifiedCount: 0 });
  });

  test('that arrive after the review verify it', async () => {
    const [ann, productId] = [await reviews.person('Ann'), product()];
    const { data } = await reviews.call(ann, SUBMIT, { input: { productId, rating: 5, body: 'Had it before' } });
    expect(data.it.review.verifiedPurchase).toBe(false);
    await happens('orders', delivered(newId('ord'), ann.id, productId));
    const read = await reviews.call(ann, 'query ($id: ID!) { review(id: $id) { verifiedPurchase } }', { id: data.it.review.id });
    expect(read.data.review.verifiedPurchase).toBe(true);
  });

  test('that arrive while the review is written verify it too: one waits for the other', async () => {
    const [ann, productId] = [await reviews.person('Ann'), product()];
    const [locked, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const delivery = reviews.db.$transaction(async (tx) => {
      const facts = { orderId: newId('ord'), lineId: 'ol_1', buyerId: ann.id, productId, quantity: 1, deliveredAt: new Date() };
      await recordDelivery(tx, [facts]);
      locked.resolve();
      await arrived.promise;
    });
    await locked.promise;
    const submitted = reviews.call(ann, SUBMIT, { input: { productId, rating: 5, body: 'At the same moment' } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    arrived.resolve();
    await delivery;
    expect((await submitted).data.it.review.verifiedPurchase).toBe(true);
  });

  test('count once although their event is delivered twice, and not for guests', async () => {
    const [ann, productId, orderId] = [await reviews.person('Ann'), product(), newId('ord')];
    const event = delivered(orderId, ann.id, productId);
    await happens('orders', event, 'evt_twice');
    await happens('orders', event, 'evt_twice');
    await happens('orders', delivered(newId('ord'), null, productId));
    const rows = await reviews.db.purchasedItem.findMany({ where: { productId } });
    expect(rows).toMatchObject([{ orderId, quantity: 1 }]);
  });

  test('are shown to the account holder only, in pages', async () => {
    const [ann, bob] = [await reviews.person('Ann'), await reviews.person('Bob')];
    const products = [product(), product(), product()];
    for (const productId of products) await happens('orders', delivered(newId('ord'), ann.id, productId));
    expect(await reviewable(bob, ann.id)).toBeUndefined();
    const read = async (args: string) =>
      (
        await reviews.call(
          ann,
          entities('Account', `reviewableItems(${args}) { nodes { product { id } } pageInfo { endCursor hasNextPage } }`),
          keys('Account', [ann.id]),
        )
      ).data._entities[0].reviewableItems;
    const first = await read('first: 2');
    const second = await read(`first: 2, after: "${first.pageInfo.endCursor}"`);
    const ids = [...first.nodes, ...second.nodes].map(({ product: { id } }: { product: { id: string } }) => id);
    expect(ids).toEqual(products.toReversed());
    expect(second.pageInfo.hasNextPage).toBe(false);
  });
});

describe('accounts', () => {
  test('give authors their names, and erasure takes the person off what they wrote', async () => {
    const [ann, staff, productId] = [await reviews.person('Old name'), await reviews.person('Mo', 'MODERATOR'), product()];
    await happens('accounts', AccountRegistered.create(ann.id, { userId: ann.id, displayName: 'Ann' }));
    const { data } = await reviews.call(ann, SUBMIT, { input: { productId, rating: 4, body: 'Stays' } });
    const { id } = data.it.review;
    await reviews.call(staff, MODERATE, { id, input: { decision: 'PUBLISH' } });
    const read = async () =>
      (await reviews.call(nobody, 'query ($id: ID!) { review(id: $id) { body author { displayName } } }', { id })).data.review;
    expect(await read()).toEqual({ body: 'Stays', author: { displayName: 'Ann' } });
    await happens('accounts', AccountProfileUpdated.create(ann.id, { userId: ann.id, displayName: 'Anna' }));
    expect(await read()).toMatchObject({ author: { displayName: 'Anna' } });
    await happens('accounts', AccountErased.create(ann.id, { userId: ann.id }));
    expect(await read()).toEqual({ body: 'Stays', author: null });
    expect(await rating(productId)).toMatchObject({ count: 1 });
  });
});

test('what happens to a review is published with its rating, in order', async () => {
  const [ann, staff, productId] = [await reviews.person('Ann'), await reviews.person('Mo', 'MODERATOR'), product()];
  const { data } = await reviews.call(ann, SUBMIT, { input: { productId, rating: 2, body: 'Hm' } });
  const { id } = data.it.review;
  for (const decision of ['PUBLISH', 'HIDE']) await reviews.call(staff, MODERATE, { id, input: { decision } });
  const events = await reviews.db.event.findMany({ where: { streamId: { in: [id, productId] } }, orderBy: { recordedSeq: 'asc' } });
  expect(events.map(({ type, data: facts, metadata }) => ({ type, facts, metadata }))).toEqual([
    {
      type: 'review.published',
      facts: { reviewId: id, productId, authorId: ann.id, rating: 2 },
      metadata: { actor: staff.id, correlationId: expect.any(String) },
    },
    {
      type: 'rating.changed',
      facts: { productId, average: 2, count: 1, verifiedCount: 0, distribution: [0, 1, 0, 0, 0] },
      metadata: { actor: staff.id, correlationId: expect.any(String) },
    },
    {
      type: 'review.hidden',
      facts: { reviewId: id, productId, authorId: ann.id, rating: 2, reason: 'MODERATED' },
      metadata: { actor: staff.id, correlationId: expect.any(String) },
    },
    {
      type: 'rating.changed',
      facts: { productId, average: null, count: 0, verifiedCount: 0, distribution: [0, 0, 0, 0, 0] },
      metadata: { actor: staff.id, correlationId: expect.any(String) },
    },
  ]);
});
