import { describe, expect, test } from 'vitest';
import { decideEdit, decideModeration, decideReported, type ReviewState } from './review-state.ts';
import { ModerationDecision, ReviewStatus } from './vocabulary.ts';

const { PENDING, PUBLISHED, REJECTED, HIDDEN } = ReviewStatus;
const { PUBLISH, REJECT, HIDE } = ModerationDecision;
const old = { rating: 2, title: 'Meh', body: 'It broke.' };
const edited = { rating: 5, title: 'Meh', body: 'It was repaired.' };

const fresh: ReviewState = { status: PENDING, isVisible: false, text: old, draft: null };
const published: ReviewState = { status: PUBLISHED, isVisible: true, text: old, draft: null };
const reworked: ReviewState = { status: PENDING, isVisible: true, text: old, draft: edited };
const rejected: ReviewState = { status: REJECTED, isVisible: false, text: old, draft: null };
const hidden: ReviewState = { status: HIDDEN, isVisible: false, text: old, draft: null };

const to = (next: ReviewState) => ({ kind: 'changed', next });
const refused = { kind: 'refused', why: expect.any(String) };
const edit = { rating: 5, body: 'It was repaired.' };

describe('an edit', () => {
  test.each([
    ['of a published review waits, and the old text stays visible', published, to(reworked)],
    ['of an edit that waits replaces it', { ...reworked, draft: { ...old, body: 'Draft' } }, to(reworked)],
    ['of a review nobody sees yet replaces its text', fresh, to({ ...fresh, text: edited })],
    ['of a rejected review brings it back to the moderators', rejected, to({ ...fresh, text: edited })],
    ['of a hidden review is refused', hidden, refused],
  ])('%s', (_, given, then) => {
    expect(decideEdit(given, edit)).toEqual(then);
  });
});

describe('a decision', () => {
  test.each([
    ['publishes what is new', fresh, PUBLISH, to(published)],
    ['publishes an edit in place of the old text', reworked, PUBLISH, to({ ...published, text: edited })],
    ['publishes what was hidden again', hidden, PUBLISH, to(published)],
    ['rejects what is new', fresh, REJECT, to(rejected)],
    ['rejects an edit and leaves the old text published', reworked, REJECT, to(published)],
    ['hides what is published', published, HIDE, to(hidden)],
    ['cannot publish twice', published, PUBLISH, refused],
    ['cannot publish what was rejected', rejected, PUBLISH, refused],
    ['cannot reject what is published', published, REJECT, refused],
    ['cannot reject what is hidden', hidden, REJECT, refused],
    ['cannot hide what is not published', fresh, HIDE, refused],
    ['cannot hide what is hidden', hidden, HIDE, refused],
  ])('%s', (_, given, when, then) => {
    expect(decideModeration(given, when)).toEqual(then);
  });
});

describe('reports', () => {
  test.each([
    ['below the threshold change nothing', published, 2, to(published)],
    ['at the threshold hide a published review', published, 3, to(hidden)],
    ['at the threshold take the old text off while an edit waits', reworked, 3, to({ ...reworked, isVisible: false })],
    ['do nothing to what is not visible', rejected, 9, to(rejected)],
  ])('%s', (_, given, reports, then) => {
    expect(decideReported(given, reports)).toEqual(then);
  });
});
