import { newId } from '@app/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entities, keys, openReviews, product, type Reviews } from '../test/reviews-app.ts';

type Person = Awaited<ReturnType<Reviews['person']>>;

let reviews: Reviews;
let viewer: Person;
let staff: Person;
const products = Array.from({ length: 30 }, product);
const authors: Person[] = [];

beforeAll(async () => {
  reviews = await openReviews();
  viewer = await reviews.person('Vi');
  staff = await reviews.person('Mo', 'MODERATOR');
  for (let n = 0; n < 6; n += 1) authors.push(await reviews.person(`A${n}`));
  const rows = products.flatMap((productId, p) =>
    authors.map(({ id: authorId }, a) => ({
      id: newId('rev'),
      productId,
      authorId,
      rating: 1 + ((p + a) % 5),
      body: 'Fine',
      language: 'en',
      status: 'PUBLISHED',
      isVisible: true,
      replyBody: 'Thanks',
      replyAuthorId: staff.id,
      repliedAt: new Date(),
      mediaCount: 1,
      helpfulCount: (p * a) % 7,
      createdAt: new Date(1_700_000_000_000 + (p * 10 + a) * 1_000),
    })),
  );
  await reviews.db.review.createMany({ data: rows });
  await reviews.db.reviewMedia.createMany({
    data: rows.map(({ id }) => ({ reviewId: id, position: 0, source: 'http://images.test/a.svg', width: 9, height: 9 })),
  });
  const questions = products.map((productId) => ({ id: newId('qst'), productId, authorId: viewer.id, body: 'Why?' }));
  await reviews.db.question.createMany({ data: questions });
  await reviews.db.answer.createMany({
    data: questions.map(({ id: questionId }) => ({ id: newId('ans'), questionId, authorId: staff.id, body: 'Because' })),
  });
});
afterAll(() => reviews[Symbol.asyncDispose]());

async function statementsFor(query: string, variables: Record<string, unknown>) {
  reviews.statements.length = 0;
  const { errors, data } = await reviews.call(viewer, query, variables);
  expect(errors).toBeUndefined();
  return { count: reviews.statements.length, found: data._entities as unknown[] };
}

const REVIEW =
  'id body author { id displayName } product { id } media { url } viewerVote viewerCanEdit reply { body author { displayName } }';

describe('the number of SQL statements does not depend on the number of entities', () => {
  test.each([
    [
      'a page of products',
      'Product',
      () => products,
      `ratingSummary { average } reviews(first: 4) { totalCount nodes { ${REVIEW} } } viewerReview { id } questions { totalCount nodes { body author { displayName } answers { totalCount nodes { body author { displayName } } } } }`,
      15,
    ],
    ['reviews by id', 'Review', undefined, REVIEW, 5],
    ['people', 'User', () => authors.map(({ id }) => id), `reviewCount reviews(first: 3) { totalCount nodes { ${REVIEW} } }`, 7],
  ] as const)('%s', async (_, typename, idsOf, selection, most) => {
    const ids = idsOf?.() ?? (await reviews.db.review.findMany({ select: { id: true } })).map(({ id }) => id);
    const one = await statementsFor(entities(typename, selection), keys(typename, ids.slice(0, 1)));
    const all = await statementsFor(entities(typename, selection), keys(typename, ids));
    expect(all.found).toHaveLength(ids.length);
    expect(all.found).not.toContain(null);
    // The same kind of row may be wanted at two depths of a query, which meet in one batch or make two.
    expect(all.count - one.count).toBeLessThanOrEqual(2);
    expect(all.count).toBeLessThanOrEqual(most);
  });

  test('keys alone cost no statement', async () => {
    expect((await statementsFor(entities('Product', 'id'), keys('Product', products))).count).toBe(0);
    expect(
      (
        await statementsFor(
          entities('User', 'id'),
          keys(
            'User',
            authors.map(({ id }) => id),
          ),
        )
      ).count,
    ).toBe(0);
  });
});

describe('pages', () => {
  test.each(['MOST_HELPFUL', 'NEWEST', 'RATING_DESC', 'RATING_ASC'])('in the order %s join up to the whole list', async (sort) => {
    const [productId] = products;
    const page = (args: string) =>
      statementsFor(
        entities(
          'Product',
          `reviews(${args}, sort: ${sort}) { nodes { id rating helpfulCount createdAt } pageInfo { hasNextPage endCursor } }`,
        ),
        keys('Product', [productId ?? '']),
      );
    const read = async (args: string) =>
      (await page(args)).found[0] as {
        reviews: { nodes: Record<string, unknown>[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
    const whole = (await read('first: 100')).reviews.nodes;
    expect(whole).toHaveLength(6);
    const joined: unknown[] = [];
    for (let after = '', more = true; more; ) {
      const { nodes, pageInfo } = (await read(`first: 2${after}`)).reviews;
      joined.push(...nodes);
      after = `, after: "${pageInfo.endCursor}"`;
      more = pageInfo.hasNextPage;
    }
    expect(joined).toEqual(whole);
    const key = { MOST_HELPFUL: 'helpfulCount', NEWEST: 'createdAt', RATING_DESC: 'rating', RATING_ASC: 'rating' }[sort] ?? '';
    const values = whole.map((node) => node[key] as string | number);
    const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(values).toEqual(sort === 'RATING_ASC' ? sorted : sorted.reverse());
  });

  test('filter by stars, purchase, pictures and language, and count what matches', async () => {
    const [productId] = products;
    const read = async (filter: string) => {
      const { found } = await statementsFor(
        entities('Product', `reviews(filter: ${filter}) { totalCount nodes { rating } }`),
        keys('Product', [productId ?? '']),
      );
      const { totalCount, nodes } = (found[0] as { reviews: { totalCount: number; nodes: { rating: number }[] } }).reviews;
      expect(nodes).toHaveLength(totalCount);
      return nodes.map(({ rating }) => rating);
    };
    expect(new Set(await read('{ stars: [1, 2] }'))).toEqual(new Set([1, 2]));
    expect(await read('{ verifiedOnly: true }')).toEqual([]);
    expect(await read('{ withMedia: true, language: "en" }')).toHaveLength(6);
    expect(await read('{ language: "de" }')).toEqual([]);
  });
});
