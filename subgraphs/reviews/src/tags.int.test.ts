import type { Principal } from '@app/auth';
import { bumpGeneration } from '@app/cache';
import { newId, withTx } from '@app/database';
import type { EventDefinition, EventEnvelope } from '@app/events';
import { AccountErased, AccountProfileUpdated } from '@app/events/catalogue/account.events';
import { OrderDelivered, OrderRefunded } from '@app/events/catalogue/order.events';
import { KeptAnswers, tagsOf } from '@app/subgraph/testing/kept-answers';
import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ANSWER,
  ASK,
  DELETE,
  entities,
  keys,
  MODERATE,
  nobody,
  openReviews,
  product,
  REPLY,
  REPORT,
  type Reviews,
  SUBMIT,
  UPDATE,
  VOTE,
} from '../test/reviews-app.ts';
import { tagsOfEvent } from './consumers.ts';
import { forgetAuthor, recordAuthor, recordDelivery, recordRefund } from './service/projections.ts';
import type { Tx } from './service/transaction.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 1);
const owned = new AsyncDisposableStack();
let shop: Reviews;
let redis: Redis;

beforeAll(async () => {
  const { url } = owned.use(await testRedis());
  redis = owned.adopt(new Redis(url), (connection) => connection.disconnect());
  shop = owned.use(await openReviews({ onWritten: (tags) => bumpGeneration(redis, 'reviews', { tags }) }));
  console.info(`seed ${seed}`);
});
afterAll(() => owned.disposeAsync());

const AUTHOR = 'author { id displayName reviewCount }';
const PRODUCT = `ratingSummary { average count verifiedCount } reviews(sort: MOST_HELPFUL) { totalCount nodes { title helpfulCount verifiedPurchase ${AUTHOR} reply { body ${AUTHOR} } } }
  questions { nodes { body ${AUTHOR} answers { nodes { body ${AUTHOR} } } } }`;
const USER = 'reviewCount reviews { nodes { title product { ratingSummary { count } } } }';

/** What a worker does with an event: the projection, and then the caches are told. */
async function happens<Data>(
  { definition, source, subject, data }: { definition: EventDefinition<unknown, Data>; source: string; subject: string; data: Data },
  project: (tx: Tx) => Promise<void>,
): Promise<void> {
  await withTx(shop.db, project);
  const { type, version, data: checked } = definition.create(subject, data);
  const envelope = { type, source, subject, dataschema: `${type}/${version}`, data: checked } as EventEnvelope;
  await bumpGeneration(redis, 'reviews', { tags: tagsOfEvent(envelope) });
}

test('an answer depends on the products and people that it is about, and on those that it leads to', async () => {
  const ann = await shop.person('Ann', 'MODERATOR');
  const productId = product();
  const { data } = await shop.call(ann, SUBMIT, { input: { productId, rating: 4, body: 'Good' } });
  await shop.call(ann, MODERATE, { id: data.it.review.id, input: { decision: 'PUBLISH' } });
  const tags = async (type: string, id: string, selection: string) =>
    tagsOf(await shop.call(nobody, entities(type, selection), keys(type, [id])));
  expect(await tags('Product', productId, 'ratingSummary { count }')).toEqual([`product:${productId}`]);
  expect(await tags('Product', productId, PRODUCT)).toEqual([`product:${productId}`, `user:${ann.id}`]);
  expect(await tags('User', ann.id, USER)).toEqual([`user:${ann.id}`, `product:${productId}`]);
  expect(await tags('Review', data.it.review.id, 'body')).toBeUndefined();
});

test('an answer that is kept by its tags is what would be answered now, whatever was written', { timeout: 120_000 }, async () => {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state >>> 12) % below;
  };
  const one = <Item>(items: readonly Item[]): Item => items[next(items.length)] as Item;
  const products = Array.from({ length: 4 }, product);
  const people = await Promise.all(['Ann', 'Ben', 'Cleo', 'Dan'].map((name) => shop.person(name)));
  const staff = await shop.person('Staff', 'MODERATOR', 'SUPPORT');
  const order = { orderId: newId('ord'), orderNumber: 'N1' };
  const reviewOf = async () => one(await shop.db.review.findMany({ where: { deletedAt: null }, orderBy: { id: 'asc' } }));
  const onReview = (write: (review: { id: string; authorId: string | null }) => Promise<unknown>) => async () => {
    const review = await reviewOf();
    if (review !== undefined) await write(review);
  };
  const asAuthor = (authorId: string | null): Principal => people.find(({ id }) => id === authorId) ?? staff;
  const lineFor = (buyerId: string) => {
    const productId = one(products);
    return {
      ...order,
      buyerId,
      lines: [{ lineId: `ol_${buyerId}_${productId}`, productId, variantId: newId('var'), sku: 'S', quantity: 1 }],
    };
  };
  const writes = [
    () => shop.call(one(people), SUBMIT, { input: { productId: one(products), rating: 1 + next(5), title: `T${next(99)}`, body: 'Text' } }),
    onReview(({ id }) => shop.call(staff, MODERATE, { id, input: { decision: one(['PUBLISH', 'PUBLISH', 'HIDE']) } })),
    onReview(({ id }) => shop.call(staff, MODERATE, { id, input: { decision: 'PUBLISH' } })),
    onReview(({ id, authorId }) => shop.call(asAuthor(authorId), UPDATE, { id, input: { title: `T${next(99)}`, rating: 1 + next(5) } })),
    onReview(({ id, authorId }) => (next(4) === 0 ? shop.call(asAuthor(authorId), DELETE, { id }) : Promise.resolve())),
    onReview(({ id }) => shop.call(one(people), VOTE, { reviewId: id, value: one(['HELPFUL', 'NOT_HELPFUL', null]) })),
    onReview(({ id }) => shop.call(one(people), REPORT, { input: { reviewId: id, reason: 'SPAM' } })),
    onReview(({ id }) => shop.call(staff, REPLY, { reviewId: id, body: `Thanks ${next(99)}` })),
    () => shop.call(one(people), ASK, { input: { productId: one(products), body: `Why ${next(99)}?` } }),
    async () => {
      const question = one(await shop.db.question.findMany());
      if (question !== undefined) await shop.call(one(people), ANSWER, { questionId: question.id, body: `Because ${next(99)}.` });
    },
    () => {
      const [userId, displayName] = [one(people).id, `Name ${next(99)}`];
      const event = { definition: AccountProfileUpdated, source: 'accounts', subject: userId, data: { userId, displayName } };
      return happens(event, (tx) => recordAuthor(tx, userId, displayName));
    },
    () => {
      const data = { ...lineFor(one(people).id), deliveredAt: new Date().toISOString() };
      const facts = { orderId: order.orderId, buyerId: data.buyerId, deliveredAt: new Date() };
      const lines = data.lines.map(({ lineId, productId, quantity }) => ({ ...facts, lineId, productId, quantity }));
      return happens({ definition: OrderDelivered, source: 'orders', subject: order.orderId, data }, (tx) => recordDelivery(tx, lines));
    },
    () => {
      const data = { ...lineFor(one(people).id), amount: { minor: 1, currency: 'EUR' } };
      return happens({ definition: OrderRefunded, source: 'orders', subject: order.orderId, data }, (tx) => recordRefund(tx, data));
    },
  ];
  const erase = async () => {
    const index = next(people.length);
    const userId = people[index]?.id ?? '';
    const event = { definition: AccountErased, source: 'accounts', subject: userId, data: { userId } };
    await happens(event, (tx) => forgetAuthor(tx, userId));
    people[index] = await shop.person(`New ${index}`);
  };
  const kept = new KeptAnswers(redis, 'reviews', (query, variables) => shop.call(nobody, query, variables));
  const reads = [
    () => [entities('Product', PRODUCT), keys('Product', [one(products)])] as const,
    () => [entities('Product', 'ratingSummary { average count verifiedCount }'), keys('Product', [one(products), one(products)])] as const,
    () => [entities('User', USER), keys('User', [one(people).id])] as const,
  ];
  let used = 0;
  for (let n = 0; n < 80 * rounds; n += 1) {
    await (next(30) === 0 ? erase() : one(writes)());
    used += await kept.check();
    for (let reading = 0; reading < 3; reading += 1) await kept.read(...one(reads)());
    // What is public is shared: it must not depend on which customer asks.
    const [query, variables] = one(reads)();
    const [first, second] = [one(people), one(people)];
    expect((await shop.call(first, query, variables)).data).toEqual((await shop.call(second, query, variables)).data);
  }
  expect(used).toBeGreaterThan(100);
});
