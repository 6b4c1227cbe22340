import { Instances } from '@app/workflow/testing/instances';
import { until } from '@app/workflow/testing/until';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DELETE, MODERATE, openReviews, product, type Reviews, SUBMIT } from '../test/reviews-app.ts';
import { moderateReview } from './workflows/moderate-review.ts';

/** Everywhere on the way of a moderation where a process can die: before a step does anything, and after its commit, before that is recorded. */
const places = [...moderateReview.steps.map(({ name }) => name), 'refused'].flatMap((what) => [
  `${moderateReview.name} ${what} before`,
  `${moderateReview.name} ${what} after`,
]);

const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
const kills = Number(process.env['KILLS'] ?? 2);
/** Neighbours in the list, from a place that the seed says: with as many kills as places each is hit once. */
const doomed = Array.from({ length: Math.min(kills, places.length) }, (_, n) => places[(seed + n * 3) % places.length] ?? '');

let reviews: Reviews;
beforeAll(async () => {
  reviews = await openReviews();
  const owner = new Client({ connectionString: reviews.database.ownerUrl });
  await owner.connect();
  await owner.query('CREATE TABLE doom (place text PRIMARY KEY)');
  await owner.end();
});
afterAll(() => reviews[Symbol.asyncDispose]());

async function submit(n: number): Promise<string> {
  const author = await reviews.person(`A${n}`);
  const { data } = await reviews.call(author, SUBMIT, { input: { productId: product(), rating: 4, body: 'See cheap.example' } });
  const id: string = data.it.review.id;
  if (n % 3 === 2) await reviews.call(author, DELETE, { id });
  return id;
}

const reviewOf = (id: string) => reviews.db.review.findUniqueOrThrow({ where: { id } });

test('two instances are killed on the way of moderations: each decision is announced once, none is lost', async () => {
  process.stdout.write(`KILL_SEED=${seed} KILLS=${doomed.length} of ${places.length}\n`);
  for (const place of doomed) await reviews.db.$executeRaw`INSERT INTO doom VALUES (${place}) ON CONFLICT DO NOTHING`;
  const moderator = await reviews.person('Mo', 'MODERATOR');
  await using instances = new Instances(new URL('../test/mortal-worker.ts', import.meta.url), [reviews.database.url, '2000']);
  await instances.keep(2);
  const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => submit(n)));
  const decided = ids.filter((_, n) => n % 3 !== 2);
  // Half of them are decided while the check may be going on, the others when it is done.
  for (const [n, id] of decided.entries()) {
    if (n % 2) await until('it was checked', async () => (await reviewOf(id)).checkedAt !== null, 90_000);
    const decision = n % 3 ? 'PUBLISH' : 'REJECT';
    expect((await reviews.call(moderator, MODERATE, { id, input: { decision } })).data.it.userErrors).toEqual([]);
  }
  const open = () =>
    reviews.workflows.count({ statuses: ['RUNNING', 'WAITING', 'RETRYING', 'STUCK', 'COMPENSATING', 'COMPENSATION_FAILED'] });
  await until('all runs have ended', async () => (await open()) === 0, 30_000 * (kills + 1));
  for (const id of ids) {
    const [run, ...others] = await reviews.workflows.list({ subject: id });
    const announced = await reviews.db.event.count({ where: { streamId: id, type: 'review.moderated' } });
    expect([id, run?.status, others.length, announced]).toEqual(decided.includes(id) ? [id, 'DONE', 0, 1] : [id, 'REFUSED', 0, 0]);
  }
  expect(await reviews.db.$queryRaw`SELECT place FROM doom`).toEqual([]);
}, 300_000);
