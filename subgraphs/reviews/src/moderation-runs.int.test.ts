import { newId } from '@app/database';
import type { WorkflowWorker } from '@app/workflow';
import { until } from '@app/workflow/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DELETE, MODERATE, nobody, openReviews, product, type Reviews, SUBMIT, UPDATE } from '../test/reviews-app.ts';
import type { ModerationDeps, Overdue } from './service/moderation-steps.ts';
import { startMissingRuns } from './service/start-missing-runs.ts';
import { runsOf } from './workflows/runs.ts';
import { startWorkflows } from './workflows/start-workflows.ts';

type Person = Awaited<ReturnType<Reviews['person']>>;

const dayMs = 86_400_000;

let reviews: Reviews;
let moderator: Person;
let ann: Person;
let deps: { -readonly [Key in keyof ModerationDeps]: ModerationDeps[Key] };
let worker: WorkflowWorker;
const alarms: Overdue[] = [];
beforeAll(async () => {
  reviews = await openReviews();
  moderator = await reviews.person('Mo', 'MODERATOR');
  const { db, now } = reviews;
  deps = { db, now, remindAfterMs: dayMs, alarm: (overdue) => void alarms.push(overdue) };
  worker = await execute();
});
afterAll(async () => {
  await worker.stop();
  await reviews[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ann = await reviews.person('Ann');
});

const execute = () => startWorkflows({ url: reviews.database.url, deps, logger: reviews.logger });

async function submit(body: string): Promise<string> {
  const { data } = await reviews.call(ann, SUBMIT, { input: { productId: product(), rating: 4, body } });
  return data.it.review.id;
}

async function moderate(id: string, decision: string, reasonCode: string | null = null): Promise<void> {
  const { data } = await reviews.call(moderator, MODERATE, { id, input: { decision, reasonCode } });
  expect(data.it.userErrors).toEqual([]);
}

async function runIs(id: string, status: string) {
  return until(`${id} is ${status}`, async () => {
    const run = await reviews.workflows.find(id);
    return run?.status === status && run;
  });
}

/** The run that waits with a review's text, once it waits. */
async function waitingRun(id: string): Promise<string> {
  const { moderationRun } = await reviews.db.review.findUniqueOrThrow({ where: { id } });
  expect(moderationRun).not.toBeNull();
  expect(await runIs(moderationRun ?? '', 'WAITING')).toMatchObject({ workflow: 'moderate-review', subject: id, step: 'await-decision' });
  return moderationRun ?? '';
}

const announced = async (reviewId: string) =>
  (await reviews.db.event.findMany({ where: { streamId: reviewId, type: 'review.moderated' }, orderBy: { streamVersion: 'asc' } })).map(
    ({ data }) => data,
  );

async function endedRuns(reviewId: string, count: number) {
  return until(`${count} runs of ${reviewId} have ended`, async () => {
    const runs = await reviews.workflows.list({ subject: reviewId });
    return runs.length === count && runs.every(({ endedAt }) => endedAt !== null) && runs.map(({ status }) => status);
  });
}

const findings = async (viewer: Parameters<Reviews['call']>[0], id: string) =>
  (await reviews.call(viewer, 'query ($id: ID!) { review(id: $id) { automaticFindings } }', { id })).data.review?.automaticFindings;

test('a text is checked for the moderators, waits, and what they decide is announced once', async () => {
  const id = await submit('BUY BETTER ONES AT CHEAP.EXAMPLE');
  const run = await waitingRun(id);
  const queue = '{ reviewModerationQueue(first: 100) { nodes { id automaticFindings status } } }';
  const { nodes } = (await reviews.call(moderator, queue)).data.reviewModerationQueue;
  expect(nodes).toContainEqual({ id, automaticFindings: ['LINK', 'SHOUTING'], status: 'PENDING' });
  expect(await findings(ann, id)).toBeNull();
  expect(await reviews.db.review.findUniqueOrThrow({ where: { id } })).toMatchObject({ version: 1, isVisible: false });
  await moderate(id, 'REJECT', 'SPAM');
  await runIs(run, 'DONE');
  const { productId } = await reviews.db.review.findUniqueOrThrow({ where: { id } });
  expect(await announced(id)).toEqual([
    { reviewId: id, productId, authorId: ann.id, decision: 'REJECT', reasonCode: 'SPAM', isVisible: false },
  ]);
  expect((await reviews.workflows.get(run))?.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'check DONE',
    'await-decision WAITED',
    'await-decision DONE',
    'announce DONE',
  ]);
});

test('what is published can be hidden and brought back: decisions that no run waited for are announced by one of their own', async () => {
  const id = await submit('It does what it should.');
  await waitingRun(id);
  await moderate(id, 'PUBLISH');
  await moderate(id, 'HIDE', 'OFF_TOPIC');
  await moderate(id, 'PUBLISH');
  expect(await endedRuns(id, 3)).toEqual(['DONE', 'DONE', 'DONE']);
  const facts = (await announced(id)).map((data) => `${Object(data).decision} ${Object(data).isVisible}`).sort();
  expect(facts).toEqual(['HIDE false', 'PUBLISH true', 'PUBLISH true']);
  expect(await findings(nobody, id)).toBeNull();
  expect(await findings(moderator, id)).toEqual([]);
});

test('an edit ends the wait with the old text and begins one with the new', async () => {
  const id = await submit('Call 030 1234567 for a better one');
  const first = await waitingRun(id);
  await reviews.call(ann, UPDATE, { id, input: { body: 'It does what it should.' } });
  const second = await waitingRun(id);
  expect(await runIs(first, 'REFUSED')).toMatchObject({ refusal: { reason: 'EDITED' } });
  expect(await findings(moderator, id)).toEqual([]);
  await moderate(id, 'PUBLISH');
  await runIs(second, 'DONE');
  await reviews.call(ann, UPDATE, { id, input: { body: 'See cheap.example' } });
  const third = await waitingRun(id);
  expect(await findings(moderator, id)).toEqual(['LINK']);
  await moderate(id, 'REJECT');
  await runIs(third, 'DONE');
  expect(await announced(id)).toMatchObject([
    { decision: 'PUBLISH', isVisible: true },
    { decision: 'REJECT', isVisible: true },
  ]);
});

test('a review that is deleted is not waited with any longer, and nobody hears of a decision', async () => {
  const id = await submit('It does what it should.');
  const run = await waitingRun(id);
  await reviews.call(ann, DELETE, { id });
  expect(await runIs(run, 'REFUSED')).toMatchObject({ refusal: { reason: 'DELETED' } });
  expect(await announced(id)).toEqual([]);
});

test('a decision, an edit and a deletion that come before anything was executed are all found', async () => {
  await worker.stop();
  const [decided, edited, deleted] = [await submit('One to decide on'), await submit('One to edit'), await submit('One to delete')];
  await moderate(decided, 'PUBLISH');
  await reviews.call(ann, UPDATE, { id: edited, input: { body: 'ok' } });
  await reviews.call(ann, DELETE, { id: deleted });
  worker = await execute();
  expect(await endedRuns(decided, 1)).toEqual(['DONE']);
  expect(await endedRuns(deleted, 1)).toEqual(['REFUSED']);
  await waitingRun(edited);
  expect(await findings(moderator, edited)).toEqual(['TOO_SHORT']);
  const statuses = async () => (await reviews.workflows.list({ subject: edited })).map(({ status }) => status).sort();
  await until('the run with the old text ends', async () => (await statuses()).join() === 'REFUSED,WAITING');
  expect(await announced(decided)).toHaveLength(1);
});

test('when nobody decides in time there is an alarm, again and again, and the decision still counts', async () => {
  deps.remindAfterMs = 50;
  const id = await submit('It does what it should.');
  const { moderationRun: runId, createdAt: since } = await reviews.db.review.findUniqueOrThrow({ where: { id } });
  const told = await until('two alarms', () => {
    const mine = alarms.filter(({ reviewId }) => reviewId === id);
    return mine.length > 1 && mine;
  });
  expect(told[0]).toEqual({ reviewId: id, runId, since });
  deps.remindAfterMs = dayMs;
  await waitingRun(id);
  await moderate(id, 'PUBLISH');
  await runIs(runId ?? '', 'DONE');
  expect(await announced(id)).toHaveLength(1);
});

test('reviews from before there were runs get one, and only those that wait', async () => {
  const row = { productId: product(), rating: 3, body: 'WWW.OLD', language: 'en', authorId: ann.id };
  const [waiting, published, gone] = [newId('rev'), newId('rev'), newId('rev')];
  await reviews.db.review.createMany({
    data: [
      { ...row, id: waiting },
      { ...row, id: published, productId: product(), status: 'PUBLISHED', isVisible: true },
      { ...row, id: gone, deletedAt: new Date() },
    ],
  });
  const options = { db: reviews.db, now: reviews.now, runs: runsOf(reviews.workflows) };
  await Promise.all([1, 2].map(() => startMissingRuns(options, new AbortController().signal)));
  await waitingRun(waiting);
  expect(await findings(moderator, waiting)).toEqual(['LINK', 'TOO_SHORT']);
  for (const [id, runs] of [
    [waiting, 1],
    [published, 0],
    [gone, 0],
  ] as const) {
    expect([id, await reviews.workflows.count({ subject: id })]).toEqual([id, runs]);
  }
});

test('a run that staff has turned around waits no more, and the decision is announced by another', async () => {
  const id = await submit('It does what it should.');
  const run = await waitingRun(id);
  await reviews.workflows.compensate(run, { reason: 'STOPPED', message: 'By hand.' });
  await runIs(run, 'REFUSED');
  await moderate(id, 'PUBLISH');
  expect(await endedRuns(id, 2)).toEqual(['DONE', 'REFUSED']);
  expect(await announced(id)).toHaveLength(1);
});
