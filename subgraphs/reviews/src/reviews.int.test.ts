import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

let reviews: Reviews;
let moderator: Awaited<ReturnType<Reviews['person']>>;
beforeAll(async () => {
  reviews = await openReviews();
  moderator = await reviews.person('Mo', 'MODERATOR');
});
afterAll(() => reviews[Symbol.asyncDispose]());

type Person = Awaited<ReturnType<Reviews['person']>>;

async function submitted(author: Person, productId: string, rating = 4) {
  const { data } = await reviews.call(author, SUBMIT, { input: { productId, rating, body: `This is the text of ${rating} stars` } });
  expect(data.it.userErrors).toEqual([]);
  return data.it.review as { id: string; version: number };
}

const moderate = (id: string, decision: string) => reviews.call(moderator, MODERATE, { id, input: { decision, reasonCode: 'OFF_TOPIC' } });

async function published(author: Person, productId: string, rating = 4) {
  const review = await submitted(author, productId, rating);
  expect((await moderate(review.id, 'PUBLISH')).data.it.review.status).toBe('PUBLISHED');
  return review;
}

async function summary(productId: string) {
  const { data } = await reviews.call(
    nobody,
    entities('Product', 'ratingSummary { average count verifiedCount distribution { stars count } }'),
    keys('Product', [productId]),
  );
  return data._entities[0].ratingSummary;
}

const see = async (viewer: Parameters<Reviews['call']>[0], id: string) =>
  (
    await reviews.call(
      viewer,
      'query ($id: ID!) { review(id: $id) { id body rating status viewerCanEdit moderationReason pendingEdit { body } author { displayName } } }',
      { id },
    )
  ).data.review;

describe('a review', () => {
  test('is seen by its author and the moderators until it is published, then by everybody and in the rating', async () => {
    const [ann, bob, id] = [await reviews.person('Ann'), await reviews.person('Bob'), product()];
    const review = await submitted(ann, id, 4);
    expect([await see(nobody, review.id), await see(bob, review.id)]).toEqual([null, null]);
    expect(await see(ann, review.id)).toMatchObject({ status: 'PENDING', viewerCanEdit: true, author: { displayName: 'Ann' } });
    expect(await summary(id)).toMatchObject({ average: null, count: 0 });
    await moderate(review.id, 'PUBLISH');
    expect(await see(nobody, review.id)).toMatchObject({ status: 'PUBLISHED', viewerCanEdit: false, moderationReason: null });
    expect(await summary(id)).toMatchObject({
      average: 4,
      count: 1,
      distribution: [5, 4, 3, 2, 1].map((stars) => ({ stars, count: stars === 4 ? 1 : 0 })),
    });
  });

  test('exists once per author and product, even when it is sent ten times at once; the second is shown the first', async () => {
    const [ann, productId] = [await reviews.person('Ann'), product()];
    const input = { productId, rating: 5, body: 'Once only, please' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => reviews.call(ann, SUBMIT, { input })));
    const made = answers.filter(({ data }) => data.it.review !== null);
    expect(made).toHaveLength(1);
    const errors = answers.flatMap(({ data }) => data.it.userErrors);
    expect(errors).toHaveLength(9);
    expect(errors[0]).toMatchObject({
      __typename: 'AlreadyReviewedError',
      code: 'ALREADY_REVIEWED',
      existing: { id: made[0]?.data.it.review.id },
    });
  });

  test('can be written again after it was deleted', async () => {
    const [ann, productId] = [await reviews.person('Ann'), product()];
    const first = await published(ann, productId, 1);
    expect((await reviews.call(ann, DELETE, { id: first.id })).data.it).toEqual({ deletedId: first.id, userErrors: [] });
    expect(await see(ann, first.id)).toBeNull();
    expect(await summary(productId)).toMatchObject({ count: 0 });
    await published(ann, productId, 5);
    expect(await summary(productId)).toMatchObject({ count: 1, average: 5 });
  });

  test('stays visible in its old text while an edit waits, and changes when that is published', async () => {
    const [ann, productId] = [await reviews.person('Ann'), product()];
    const { id } = await published(ann, productId, 2);
    const { data } = await reviews.call(ann, UPDATE, { id, input: { rating: 5, body: 'Now it works' } });
    expect(data.it.review).toMatchObject({ status: 'PENDING', rating: 2, pendingEdit: { rating: 5, body: 'Now it works' } });
    expect(await see(nobody, id)).toMatchObject({ rating: 2, body: 'This is the text of 2 stars', pendingEdit: null });
    expect(await summary(productId)).toMatchObject({ average: 2 });
    await moderate(id, 'PUBLISH');
    expect(await see(nobody, id)).toMatchObject({ rating: 5, body: 'Now it works', status: 'PUBLISHED' });
    expect(await summary(productId)).toMatchObject({ average: 5, count: 1 });
  });

  test('keeps its approved text when an edit is rejected', async () => {
    const ann = await reviews.person('Ann');
    const { id } = await published(ann, product(), 2);
    await reviews.call(ann, UPDATE, { id, input: { body: 'Buy at cheap.example' } });
    await moderate(id, 'REJECT');
    expect(await see(ann, id)).toMatchObject({
      status: 'PUBLISHED',
      body: 'This is the text of 2 stars',
      pendingEdit: null,
      moderationReason: 'OFF_TOPIC',
    });
  });

  test('is changed only at the version that was seen', async () => {
    const ann = await reviews.person('Ann');
    const { id, version } = await submitted(ann, product());
    const update = (expectedVersion: number) => reviews.call(ann, UPDATE, { id, input: { title: 'New' }, expectedVersion });
    expect((await update(version)).data.it.review).toMatchObject({ title: 'New', version: version + 1 });
    const { data } = await update(version);
    expect(data.it).toMatchObject({
      review: null,
      userErrors: [{ __typename: 'ConflictError', code: 'VERSION_MISMATCH', currentVersion: version + 1 }],
    });
  });

  test('is published with the text that the moderator saw, not with one that came meanwhile', async () => {
    const ann = await reviews.person('Ann');
    const staff = await reviews.person('Moderator', 'MODERATOR');
    const { id, version } = await submitted(ann, product());
    await reviews.call(ann, UPDATE, { id, input: { body: 'Buy at cheap.example' } });
    const publish = (expectedVersion: number) => reviews.call(staff, MODERATE, { id, input: { decision: 'PUBLISH', expectedVersion } });
    expect((await publish(version)).data.it).toMatchObject({
      review: null,
      userErrors: [
        { __typename: 'ConflictError', code: 'VERSION_MISMATCH', path: ['input', 'expectedVersion'], currentVersion: version + 1 },
      ],
    });
    expect(await see(nobody, id)).toBeNull();
    expect((await publish(version + 1)).data.it).toMatchObject({ review: { status: 'PUBLISHED' }, userErrors: [] });
  });

  test('cannot be edited once a moderator has hidden it, and says so', async () => {
    const ann = await reviews.person('Ann');
    const { id } = await published(ann, product());
    await moderate(id, 'HIDE');
    expect(await see(nobody, id)).toBeNull();
    expect(await see(ann, id)).toMatchObject({ status: 'HIDDEN', viewerCanEdit: false, moderationReason: 'OFF_TOPIC' });
    expect((await reviews.call(ann, UPDATE, { id, input: { rating: 1 } })).data.it.userErrors).toMatchObject([{ code: 'NOT_EDITABLE' }]);
    expect((await moderate(id, 'REJECT')).data.it.userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION' }]);
    expect((await moderate(id, 'PUBLISH')).data.it.review).toMatchObject({ status: 'PUBLISHED' });
  });
});

describe('readers', () => {
  test('vote once each, can change their mind and take it back', async () => {
    const [ann, bob, eve] = [await reviews.person('Ann'), await reviews.person('Bob'), await reviews.person('Eve')];
    const { id: reviewId } = await published(ann, product());
    const vote = async (voter: Person, value: string | null) => (await reviews.call(voter, VOTE, { reviewId, value })).data.it;
    expect((await vote(bob, 'HELPFUL')).review.helpfulCount).toBe(1);
    expect((await vote(bob, 'HELPFUL')).review.helpfulCount).toBe(1);
    expect((await vote(eve, 'HELPFUL')).review.helpfulCount).toBe(2);
    expect((await vote(bob, 'NOT_HELPFUL')).review.helpfulCount).toBe(1);
    expect((await vote(eve, null)).review.helpfulCount).toBe(0);
    expect((await vote(eve, null)).review.helpfulCount).toBe(0);
    expect((await vote(ann, 'HELPFUL')).userErrors).toMatchObject([{ code: 'OWN_REVIEW', path: ['reviewId'] }]);
    const { data } = await reviews.call(bob, 'query ($id: ID!) { review(id: $id) { viewerVote } }', { id: reviewId });
    expect(data.review.viewerVote).toBe('NOT_HELPFUL');
  });

  test('hide a review by reporting it often enough, once each, until a moderator decides', async () => {
    const [ann, productId] = [await reviews.person('Ann'), product()];
    const { id } = await published(ann, productId);
    const readers = await Promise.all(['B', 'C', 'D'].map((name) => reviews.person(name)));
    const report = (reader: Person | undefined) => reviews.call(reader ?? ann, REPORT, { input: { reviewId: id, reason: 'SPAM' } });
    for (let n = 0; n < 5; n += 1) await report(readers[0]);
    await report(readers[1]);
    expect(await see(nobody, id)).toMatchObject({ status: 'PUBLISHED' });
    await report(readers[2]);
    expect(await see(nobody, id)).toBeNull();
    expect(await see(ann, id)).toMatchObject({ status: 'HIDDEN', moderationReason: 'REPORTED' });
    expect(await summary(productId)).toMatchObject({ count: 0 });
    await moderate(id, 'PUBLISH');
    await report(readers[0]);
    expect(await see(nobody, id)).toMatchObject({ status: 'PUBLISHED' });
  });

  test('ask and answer, and the shop’s answer comes first', async () => {
    const [ann, bob, productId] = [await reviews.person('Ann'), await reviews.person('Bob'), product()];
    const { data } = await reviews.call(ann, ASK, { input: { productId, body: 'Does it float?' } });
    const questionId = data.it.question.id;
    expect(data.it.question.author.displayName).toBe('Ann');
    for (const [who, body] of [
      [bob, 'Mine does'],
      [bob, 'Still does'],
      [moderator, 'It does'],
    ] as const) {
      expect((await reviews.call(who, ANSWER, { questionId, body })).data.it.userErrors).toEqual([]);
    }
    const list = entities(
      'Product',
      'questions { totalCount nodes { body answers(first: 2) { totalCount nodes { body fromMerchant author { displayName } } pageInfo { hasNextPage endCursor } } } }',
    );
    const [found] = (await reviews.call(nobody, list, keys('Product', [productId]))).data._entities;
    expect(found.questions).toMatchObject({
      totalCount: 1,
      nodes: [{ body: 'Does it float?', answers: { totalCount: 3, pageInfo: { hasNextPage: true } } }],
    });
    expect(found.questions.nodes[0].answers.nodes.map(({ body }: { body: string }) => body)).toEqual(['It does', 'Mine does']);
    const next = entities('Question', 'answers(first: 2, after: "CURSOR") { nodes { body } }').replace(
      'CURSOR',
      found.questions.nodes[0].answers.pageInfo.endCursor,
    );
    expect((await reviews.call(nobody, next, keys('Question', [questionId]))).data._entities[0].answers.nodes).toEqual([
      { body: 'Still does' },
    ]);
  });
});

describe('staff', () => {
  test('work through the queue oldest first, and reply', async () => {
    const ann = await reviews.person('Ann');
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await submitted(ann, product())).id);
    const queue =
      'query ($after: String) { reviewModerationQueue(first: 100, after: $after) { totalCount nodes { id status } pageInfo { endCursor } } }';
    const { data } = await reviews.call(moderator, queue);
    const found = data.reviewModerationQueue.nodes.map(({ id }: { id: string }) => id);
    expect(found.filter((id: string) => ids.includes(id))).toEqual(ids);
    expect(data.reviewModerationQueue.totalCount).toBe(found.length);
    expect(
      (await reviews.call(moderator, queue, { after: data.reviewModerationQueue.pageInfo.endCursor })).data.reviewModerationQueue.nodes,
    ).toEqual([]);

    const [id] = ids;
    expect((await reviews.call(moderator, REPLY, { reviewId: id, body: 'Thanks' })).data.it.userErrors).toMatchObject([
      { code: 'NOT_VISIBLE' },
    ]);
    await moderate(id ?? '', 'PUBLISH');
    await reviews.call(moderator, REPLY, { reviewId: id, body: 'Thanks' });
    const read = 'query ($id: ID!) { review(id: $id) { reply { body author { displayName } } } }';
    expect((await reviews.call(nobody, read, { id })).data.review.reply).toEqual({ body: 'Thanks', author: { displayName: 'Mo' } });
    await reviews.call(moderator, REPLY, { reviewId: id, body: null });
    expect((await reviews.call(nobody, read, { id })).data.review.reply).toBeNull();
  });

  test('is who may: everybody else is refused, also behind the gateway’s back', async () => {
    const [ann, bob] = [await reviews.person('Ann'), await reviews.person('Bob')];
    const { id } = await published(ann, product());
    const codes = async (who: Parameters<Reviews['call']>[0], query: string, variables: Record<string, unknown>) =>
      (await reviews.call(who, query, variables)).errors?.map(({ extensions }) => extensions.code);
    expect(await codes(bob, MODERATE, { id, input: { decision: 'HIDE' } })).toEqual(['FORBIDDEN']);
    expect(await codes(bob, REPLY, { reviewId: id, body: 'x' })).toEqual(['FORBIDDEN']);
    expect(await codes(bob, '{ reviewModerationQueue { totalCount } }', {})).toEqual(['FORBIDDEN']);
    for (const [query, variables] of [
      [SUBMIT, { input: { productId: product(), rating: 1, body: 'x' } }],
      [UPDATE, { id, input: { rating: 1 } }],
      [DELETE, { id }],
      [VOTE, { reviewId: id, value: 'HELPFUL' }],
      [REPORT, { input: { reviewId: id, reason: 'SPAM' } }],
      [ASK, { input: { productId: product(), body: 'x' } }],
    ] as const) {
      expect(await codes(nobody, query, variables)).toEqual(['UNAUTHENTICATED']);
    }
  });
});
