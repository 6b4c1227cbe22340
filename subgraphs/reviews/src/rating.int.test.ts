import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReviews, product, type Reviews } from '../test/reviews-app.ts';
import { findWrongRatings } from './data/ratings.ts';
import { ModerationDecision, ReportReason, VoteValue } from './domain/vocabulary.ts';
import { recordDelivery, recordRefund } from './service/projections.ts';

let reviews: Reviews;
beforeAll(async () => {
  reviews = await openReviews();
});
afterAll(() => reviews[Symbol.asyncDispose]());

/** mulberry32; SEED=n repeats a run. */
function seededRandom() {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`rating interleavings: seed ${seed}\n`);
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

test('the counters of a product are what counting its reviews gives, whatever happens at once', async () => {
  const random = seededRandom();
  const { services, db } = reviews;
  const { authoring, moderation, feedback } = services;
  const staff = await reviews.person('Mo', 'MODERATOR');
  const people = await Promise.all(Array.from({ length: 8 }, (_, n) => reviews.person(`P${n}`)));
  const products = [product(), product()];
  const known: string[] = [];
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[random(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  const decisions = Object.values(ModerationDecision);
  let order = 0;

  const act = async (): Promise<void> => {
    const person = pick(people);
    const productId = pick(products);
    const kind = known.length === 0 ? 0 : random(9);
    if (kind <= 1) {
      const review = await authoring.submit(person, { productId, rating: 1 + random(5), body: 'A text' });
      known.push(review.id);
      return;
    }
    const id = pick(known);
    if (kind === 2) await authoring.update(person, { id, input: { rating: 1 + random(5) }, expectedVersion: null });
    if (kind === 3) await authoring.delete(person, id);
    if (kind === 4 || kind === 5) await moderation.moderate(staff, id, { decision: pick(decisions) });
    if (kind === 6) await feedback.report(person, { reviewId: id, reason: ReportReason.SPAM });
    if (kind === 7) await feedback.vote(person, id, pick([VoteValue.HELPFUL, VoteValue.NOT_HELPFUL, null]));
    if (kind === 8) {
      order += 1;
      const line = { orderId: `ord_${order}`, lineId: 'l1', buyerId: person.id, productId, quantity: 1 };
      await db.$transaction((tx) => recordDelivery(tx, [{ ...line, deliveredAt: new Date() }]));
      if (random(2) === 0) await db.$transaction((tx) => recordRefund(tx, { orderId: line.orderId, buyerId: person.id, lines: [line] }));
    }
  };
  const faults: unknown[] = [];
  const worker = async () => {
    for (let n = 0; n < 60; n += 1) {
      await act().catch((error: unknown) => {
        // Refusals are part of the game; anything else is a fault.
        const isRefusal = error instanceof Error && ['UserFault', 'AlreadyReviewed'].includes(error.name);
        if (!isRefusal) faults.push(error);
      });
    }
  };
  await Promise.all(Array.from({ length: 10 }, worker));

  expect(faults).toEqual([]);
  expect(await findWrongRatings(db)).toEqual([]);
  const votes =
    await db.$queryRaw`SELECT id FROM review r WHERE helpful_count <> (SELECT count(*) FROM review_vote v WHERE v.review_id = r.id AND v.value = 'HELPFUL')`;
  expect(votes).toEqual([]);
  const verified = await db.$queryRaw`SELECT id FROM review r WHERE deleted_at IS NULL AND is_verified <> EXISTS (
    SELECT 1 FROM purchased_item p WHERE p.buyer_id = r.author_id AND p.product_id = r.product_id AND refunded_quantity < quantity)`;
  expect(verified).toEqual([]);
  await expectLastEventsToAgree();
});

/** Whoever keeps the last rating.changed of a product has its counters. */
async function expectLastEventsToAgree(): Promise<void> {
  const rows = await reviews.db.$queryRaw<unknown[]>`
    SELECT k.product_id FROM product_rating k JOIN LATERAL (
      SELECT data FROM event e WHERE e.type = 'rating.changed' AND e.stream_id = k.product_id ORDER BY stream_version DESC LIMIT 1
    ) last ON true
    WHERE last.data->'distribution' <> to_jsonb(ARRAY[k.stars_1, k.stars_2, k.stars_3, k.stars_4, k.stars_5])
      OR (last.data->>'verifiedCount')::int <> k.verified`;
  expect(rows).toEqual([]);
}
