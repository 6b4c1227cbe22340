import { describe, expect, it } from 'vitest';
import { catalogueSpec } from '../catalogue/categories.ts';
import { SEED_NOW } from '../core/calendar.ts';
import { towns } from '../world.ts';
import { reviewBlocks } from './blocks/all.ts';
import type { Stars } from './blocks/blocks.ts';
import { frames } from './blocks/frame.ts';
import { histogramsOf } from './histogram.ts';

const [town] = [...towns(1)];
if (!town) throw new Error('no town');
const reviews = town.reviews();
const allStars: readonly Stars[] = [1, 2, 3, 4, 5];

describe('demo reviews', () => {
  it('are at most one per person and product', () => {
    expect(new Set(reviews.map(({ authorId, productId }) => `${authorId}/${productId}`)).size).toBe(reviews.length);
  });

  it('are verified exactly when the author received the product and kept it', () => {
    const received = new Map(town.purchases().map((item) => [`${item.buyerId}/${item.productId}`, item]));
    for (const { authorId, productId, verified, createdAt, orderId } of reviews) {
      const purchase = received.get(`${authorId}/${productId}`);
      expect(verified).toBe(purchase !== undefined);
      if (purchase) expect(createdAt.getTime()).toBeGreaterThan(purchase.deliveredAt.getTime());
      expect(orderId).toBe(purchase?.orderId ?? null);
    }
    expect(reviews.filter(({ verified }) => verified)).toHaveLength(4_200);
  });

  it('have the J-shape of real ratings', () => {
    const [one = 0, two = 0, three = 0, four = 0, five = 0] = allStars.map(
      (stars) => reviews.filter(({ rating }) => rating === stars).length,
    );
    expect(five).toBeGreaterThan(four);
    expect(four).toBeGreaterThan(three);
    expect(three).toBeGreaterThan(two);
    expect(one).toBeGreaterThan(two);
  });

  it('were written within the year, before the demo stands still', () => {
    for (const { createdAt, votes, reply } of reviews) {
      for (const moment of [createdAt, ...votes.map(({ at }) => at), reply?.createdAt ?? createdAt]) {
        expect(moment.getTime()).toBeLessThanOrEqual(SEED_NOW.getTime());
      }
    }
  });

  it('are never voted on by their author, nor twice by anybody', () => {
    for (const { authorId, votes } of reviews) {
      const voters = votes.map(({ voterId }) => voterId);
      expect(voters).not.toContain(authorId);
      expect(new Set(voters).size).toBe(voters.length);
    }
  });

  it('leave something to moderate and something hidden', () => {
    for (const status of ['PENDING', 'REJECTED', 'HIDDEN'] as const)
      expect(reviews.filter((review) => review.status === status).length).toBeGreaterThan(5);
  });

  it('are counted by histograms that a recount confirms', () => {
    const published = reviews.filter(({ status }) => status === 'PUBLISHED');
    const rows = histogramsOf(reviews);
    expect(rows.reduce((sum, { stars }) => sum + stars.reduce((a, b) => a + b, 0), 0)).toBe(published.length);
    for (const { productId, stars, verified } of rows) {
      expect(stars).toEqual(
        allStars.map((star) => published.filter((review) => review.productId === productId && review.rating === star).length),
      );
      expect(verified).toBe(published.filter((review) => review.productId === productId && review.verified).length);
    }
  });

  it('read differently: hardly any text appears more than a few times', () => {
    const counts = new Map<string, number>();
    for (const { body } of reviews) counts.set(body, (counts.get(body) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(5_000);
  });

  it('leave customer@example.com something to review', () => {
    const customer = town.people()[0];
    const reviewed = new Set(reviews.filter(({ authorId }) => authorId === customer?.id).map(({ productId }) => productId));
    const open = town.purchases().filter(({ buyerId, productId }) => buyerId === customer?.id && !reviewed.has(productId));
    expect(open.length).toBeGreaterThan(2);
  });
});

describe('review texts', () => {
  const praise = /\b(love|lovely|perfect|excellent|wonderful|beautiful|delighted|best|recommended|favourite|worth every)\b/i;
  const blame = /\b(broke|broken|waste|refund|terrible|awful|disappoint\w*|never again|sent back|worst|useless|annoyed|dangerous)\b/i;

  it('exist for every category and star, forty blocks or more each', () => {
    for (const { slug } of catalogueSpec) {
      const blocks = reviewBlocks[slug];
      expect(blocks && allStars.reduce((sum, stars) => sum + blocks[stars].length, 0), slug).toBeGreaterThanOrEqual(40);
    }
  });

  it('praise nothing at one star and blame nothing at five', () => {
    for (const blocks of Object.values(reviewBlocks)) {
      expect(blocks[1].filter((text) => praise.test(text))).toEqual([]);
      expect(blocks[5].filter((text) => blame.test(text))).toEqual([]);
    }
    const framed = (stars: Stars): string[] => [...frames[stars].titles, ...frames[stars].openers, ...frames[stars].closers];
    expect(framed(1).filter((text) => praise.test(text))).toEqual([]);
    expect(framed(5).filter((text) => blame.test(text))).toEqual([]);
  });

  it('repeat no block within a category and end as sentences do', () => {
    for (const blocks of Object.values(reviewBlocks)) {
      const texts = allStars.flatMap((stars) => blocks[stars]);
      expect(new Set(texts).size).toBe(texts.length);
      for (const text of texts) expect(text).toMatch(/^[A-Z].*[.!?]$/);
    }
  });

  it('put faults only where the stars are low', () => {
    const faults = catalogueSpec.flatMap(({ families }) =>
      families.flatMap((family) => [family, ...family.types.flatMap(({ voices }) => voices ?? [])].flatMap(({ faults }) => faults)),
    );
    for (const { rating, body } of reviews) if (rating >= 3) expect(faults.filter((fault) => body.includes(fault))).toEqual([]);
  });
});
