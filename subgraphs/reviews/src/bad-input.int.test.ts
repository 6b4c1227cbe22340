import { newId } from '@app/database';
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

type Person = Awaited<ReturnType<Reviews['person']>>;

let reviews: Reviews;
let people: { ann: Person; bob: Person; staff: Person };
let ids: { review: string; deleted: string; pending: string; question: string; product: string };

beforeAll(async () => {
  reviews = await openReviews();
  const [ann, bob, staff] = [await reviews.person('Ann'), await reviews.person('Bob'), await reviews.person('Mo', 'MODERATOR')];
  people = { ann, bob, staff };
  const submit = async (productId: string) =>
    (await reviews.call(ann, SUBMIT, { input: { productId, rating: 3, body: 'Fine' } })).data.it.review.id as string;
  ids = {
    review: await submit(product()),
    deleted: await submit(product()),
    pending: await submit(product()),
    question: '',
    product: product(),
  };
  await reviews.call(staff, MODERATE, { id: ids.review, input: { decision: 'PUBLISH' } });
  await reviews.call(ann, DELETE, { id: ids.deleted });
  ids.question = (await reviews.call(ann, ASK, { input: { productId: ids.product, body: 'Why?' } })).data.it.question.id;
});
afterAll(() => reviews[Symbol.asyncDispose]());

const NUL = 'a\u0000b';
const long = (length: number) => 'x'.repeat(length + 1);
const WRONG_IDS = ['', 'x', NUL, 'prd_1', `rev_${'g'.repeat(32)}`, long(10_000), "rev_' OR 1=1 --", '🙂'];

/** Everything that is stored, so that a partial write shows. */
const state = () =>
  reviews.db.$queryRaw`SELECT (SELECT json_agg(r ORDER BY id) FROM review r)::text AS r, (SELECT json_agg(v) FROM review_vote v)::text AS v,
    (SELECT json_agg(p) FROM review_report p)::text AS p, (SELECT json_agg(q) FROM question q)::text AS q, (SELECT json_agg(a) FROM answer a)::text AS a,
    (SELECT count(*) FROM event)::int AS e, (SELECT json_agg(k ORDER BY product_id) FROM product_rating k)::text AS k`;

type Case = readonly [what: string, who: keyof typeof people, query: string, variables: () => Record<string, unknown>, code: string];

const bodies = (query: string, who: keyof typeof people, wrap: (body: string) => () => Record<string, unknown>): Case[] => [
  ['an empty body', who, query, wrap(''), 'REQUIRED'],
  ['a blank body', who, query, wrap(' \n\t '), 'REQUIRED'],
  ['a body that is too long', who, query, wrap(long(5_000)), 'TOO_LONG'],
  ['a body with U+0000', who, query, wrap(NUL), 'INVALID_CHARACTERS'],
  ['a body with a lone surrogate', who, query, wrap('\ud800'), 'INVALID_CHARACTERS'],
];

const submit = (input: object) => () => ({ input: { productId: ids.product, rating: 3, body: 'Fine', ...input } });
const update = (input: object) => () => ({ id: ids.review, input });
const moderate = (input: object) => () => ({ id: ids.review, input: { decision: 'HIDE', ...input } });

const cases: Case[] = [
  ...WRONG_IDS.map(
    (productId): Case => [
      `reviewSubmit with product ${JSON.stringify(productId).slice(0, 30)}`,
      'ann',
      SUBMIT,
      submit({ productId }),
      'INVALID',
    ],
  ),
  ...[0, 6, -1, 2 ** 31 - 1].map(
    (rating): Case => [`reviewSubmit with ${rating} stars`, 'ann', SUBMIT, submit({ rating }), 'OUT_OF_RANGE'],
  ),
  ['reviewSubmit with a title that is too long', 'ann', SUBMIT, submit({ title: long(120) }), 'TOO_LONG'],
  ['reviewSubmit with a title of two lines', 'ann', SUBMIT, submit({ title: 'a\nb' }), 'INVALID_CHARACTERS'],
  ['reviewSubmit with U+0000 in the title', 'ann', SUBMIT, submit({ title: NUL }), 'INVALID_CHARACTERS'],
  ['reviewSubmit with an upload that does not exist', 'ann', SUBMIT, submit({ mediaUploadIds: ['upl_1'] }), 'UNKNOWN_UPLOAD'],
  ['reviewSubmit with too many uploads', 'ann', SUBMIT, submit({ mediaUploadIds: Array.from({ length: 6 }, () => 'upl_1') }), 'TOO_MANY'],
  ...bodies(SUBMIT, 'ann', (body) => submit({ body })).map(([what, ...rest]): Case => [`reviewSubmit with ${what}`, ...rest]),
  ...WRONG_IDS.map(
    (id): Case => [`reviewUpdate of ${JSON.stringify(id).slice(0, 30)}`, 'ann', UPDATE, () => ({ id, input: { rating: 1 } }), 'NOT_FOUND'],
  ),
  ["reviewUpdate of another user's review", 'bob', UPDATE, update({ rating: 1 }), 'NOT_FOUND'],
  ['reviewUpdate of a deleted review', 'ann', UPDATE, () => ({ id: ids.deleted, input: { rating: 1 } }), 'NOT_FOUND'],
  ['reviewUpdate that changes nothing', 'ann', UPDATE, update({}), 'REQUIRED'],
  ['reviewUpdate with 0 stars', 'ann', UPDATE, update({ rating: 0 }), 'OUT_OF_RANGE'],
  [
    'reviewUpdate with a version that never was',
    'ann',
    UPDATE,
    () => ({ id: ids.review, input: { rating: 1 }, expectedVersion: -1 }),
    'VERSION_MISMATCH',
  ],
  ['reviewUpdate with a title that is too long', 'ann', UPDATE, update({ title: long(120) }), 'TOO_LONG'],
  ...bodies(UPDATE, 'ann', (body) => update({ body })).map(([what, ...rest]): Case => [`reviewUpdate with ${what}`, ...rest]),
  ...WRONG_IDS.map((id): Case => [`reviewDelete of ${JSON.stringify(id).slice(0, 30)}`, 'ann', DELETE, () => ({ id }), 'NOT_FOUND']),
  ["reviewDelete of another user's review", 'bob', DELETE, () => ({ id: ids.review }), 'NOT_FOUND'],
  ['reviewDelete of a deleted review', 'ann', DELETE, () => ({ id: ids.deleted }), 'NOT_FOUND'],
  ...WRONG_IDS.map(
    (reviewId): Case => [
      `reviewVoteSet on ${JSON.stringify(reviewId).slice(0, 30)}`,
      'bob',
      VOTE,
      () => ({ reviewId, value: 'HELPFUL' }),
      'NOT_FOUND',
    ],
  ),
  ['reviewVoteSet on a deleted review', 'bob', VOTE, () => ({ reviewId: ids.deleted, value: 'HELPFUL' }), 'NOT_FOUND'],
  ['reviewVoteSet on a review that is not visible', 'bob', VOTE, () => ({ reviewId: ids.pending, value: 'HELPFUL' }), 'NOT_FOUND'],
  ...WRONG_IDS.map(
    (reviewId): Case => [
      `reviewReport of ${JSON.stringify(reviewId).slice(0, 30)}`,
      'bob',
      REPORT,
      () => ({ input: { reviewId, reason: 'SPAM' } }),
      'NOT_FOUND',
    ],
  ),
  ['reviewReport of one’s own review', 'ann', REPORT, () => ({ input: { reviewId: ids.review, reason: 'SPAM' } }), 'OWN_REVIEW'],
  [
    'reviewReport with a note that is too long',
    'bob',
    REPORT,
    () => ({ input: { reviewId: ids.review, reason: 'SPAM', note: long(1_000) } }),
    'TOO_LONG',
  ],
  [
    'reviewReport with U+0000 in the note',
    'bob',
    REPORT,
    () => ({ input: { reviewId: ids.review, reason: 'SPAM', note: NUL } }),
    'INVALID_CHARACTERS',
  ],
  ...WRONG_IDS.map(
    (id): Case => [
      `reviewModerate of ${JSON.stringify(id).slice(0, 30)}`,
      'staff',
      MODERATE,
      () => ({ id, input: { decision: 'HIDE' } }),
      'NOT_FOUND',
    ],
  ),
  ['reviewModerate of a deleted review', 'staff', MODERATE, () => ({ id: ids.deleted, input: { decision: 'PUBLISH' } }), 'NOT_FOUND'],
  ['reviewModerate with a reason that is no code', 'staff', MODERATE, moderate({ reasonCode: 'because' }), 'INVALID'],
  ['reviewModerate with a reason that is too long', 'staff', MODERATE, moderate({ reasonCode: long(50).toUpperCase() }), 'TOO_LONG'],
  ['reviewModerate with U+0000 in the note', 'staff', MODERATE, moderate({ note: NUL }), 'INVALID_CHARACTERS'],
  ['reviewModerate against the order of states', 'staff', MODERATE, moderate({ decision: 'REJECT' }), 'ILLEGAL_TRANSITION'],
  ...WRONG_IDS.map(
    (reviewId): Case => [
      `reviewReplySet on ${JSON.stringify(reviewId).slice(0, 30)}`,
      'staff',
      REPLY,
      () => ({ reviewId, body: 'x' }),
      'NOT_FOUND',
    ],
  ),
  ['reviewReplySet with a body that is too long', 'staff', REPLY, () => ({ reviewId: ids.review, body: long(5_000) }), 'TOO_LONG'],
  ['reviewReplySet with U+0000', 'staff', REPLY, () => ({ reviewId: ids.review, body: NUL }), 'INVALID_CHARACTERS'],
  ...WRONG_IDS.map(
    (productId): Case => [
      `questionAsk about ${JSON.stringify(productId).slice(0, 30)}`,
      'ann',
      ASK,
      () => ({ input: { productId, body: 'x' } }),
      'INVALID',
    ],
  ),
  ...bodies(ASK, 'ann', (body) => () => ({ input: { productId: ids.product, body } })).map(
    ([what, ...rest]): Case => [`questionAsk with ${what}`, ...rest],
  ),
  ...WRONG_IDS.map(
    (questionId): Case => [
      `questionAnswer to ${JSON.stringify(questionId).slice(0, 30)}`,
      'ann',
      ANSWER,
      () => ({ questionId, body: 'x' }),
      'NOT_FOUND',
    ],
  ),
  ['questionAnswer to a question that never was', 'ann', ANSWER, () => ({ questionId: newId('qst'), body: 'x' }), 'NOT_FOUND'],
  ...bodies(ANSWER, 'ann', (body) => () => ({ questionId: ids.question, body })).map(
    ([what, ...rest]): Case => [`questionAnswer with ${what}`, ...rest],
  ),
];

describe('bad input is answered with a typed error and changes nothing', () => {
  test.each(cases)('%s', async (_, who, query, variables, code) => {
    const before = await state();
    const answer = await reviews.call(people[who], query, variables());
    expect(answer.errors).toBeUndefined();
    const { userErrors, ...rest } = answer.data.it;
    expect(userErrors.map((error: { code: string }) => error.code)).toContain(code);
    expect(Object.values(rest)).toEqual([null]);
    expect(await state()).toEqual(before);
  });
});

describe('what GraphQL itself refuses is a client error', () => {
  test.each([
    ['a missing argument', SUBMIT, {}],
    ['null for what is required', SUBMIT, { input: { productId: null, rating: 3, body: 'x' } }],
    ['a text for a number', SUBMIT, { input: { productId: 'x', rating: 'three', body: 'x' } }],
    ['a fraction of a star', SUBMIT, { input: { productId: 'x', rating: 3.5, body: 'x' } }],
    ['a number beyond 32 bits', SUBMIT, { input: { productId: 'x', rating: 2 ** 40, body: 'x' } }],
    ['a field that does not exist', SUBMIT, { input: { productId: 'x', rating: 3, body: 'x', verified: true } }],
    ['a decision that does not exist', MODERATE, { id: 'x', input: { decision: 'BURN' } }],
    ['a vote that does not exist', VOTE, { reviewId: 'x', value: 'LOVE' }],
    ['a number for a text', ANSWER, { questionId: 'x', body: 7 }],
  ])('%s', async (_, query, variables) => {
    const { errors } = await reviews.call(people.staff, query, variables);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('a list asked for wrongly', () => {
  const ask = (args: string, field = 'reviews') =>
    reviews.call(nobody, entities('Product', `${field}(${args}) { nodes { id } }`), keys('Product', [ids.product]));
  const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify([1, ...parts])).toString('base64url');

  test.each([
    ['first: 0', 'reviews'],
    ['first: 101', 'reviews'],
    ['first: -5', 'questions'],
    ['after: "nonsense"', 'reviews'],
    ['after: ""', 'questions'],
    [`after: "${cursor('MOST_HELPFUL', 'text', 'rev_1')}"`, 'reviews'],
    [`after: "${cursor('MOST_HELPFUL', 1e300, 'rev_1')}"`, 'reviews'],
    [`after: "${cursor('MOST_HELPFUL', 1, 2)}"`, 'reviews'],
    [`sort: NEWEST, after: "${cursor('NEWEST', 'yesterday', 'rev_1')}"`, 'reviews'],
    [`sort: NEWEST, after: "${cursor('MOST_HELPFUL', 1, 'rev_1')}"`, 'reviews'],
    [`after: "${cursor('QUESTIONS', null, 'qst_1')}"`, 'questions'],
    ['filter: { stars: [0] }', 'reviews'],
    ['filter: { language: "a\\u0000" }', 'reviews'],
  ])('%s is a client error', async (args, field) => {
    const { errors } = await ask(args, field);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('a representation that is none of ours is null and leaves the others alone', async () => {
    const known = entities('Review', 'id');
    const wrong = [...WRONG_IDS, 7, null, { a: 1 }].map((id) => ({ __typename: 'Review', id }));
    const { data, errors } = await reviews.call(nobody, known, { keys: [...wrong, { __typename: 'Review', id: ids.review }] });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([...wrong.map(() => null), { id: ids.review }]);
  });

  test('nothing of all this was a fault of ours', () => {
    expect(reviews.logged).toEqual([]);
  });
});
