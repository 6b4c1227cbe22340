import { expect, test } from 'vitest';
import { reviewMail } from './review-mail.ts';

const url = 'https://shop.test/reviews/rev_1';

test.each([
  [{ decision: 'PUBLISH', reasonCode: null, isVisible: true }, 'Your review is published', 'Everybody can read'],
  [{ decision: 'REJECT', reasonCode: 'OFF_TOPIC', isVisible: false }, 'Your review was not accepted', 'The reason given: off topic.'],
  [{ decision: 'REJECT', reasonCode: null, isVisible: true }, 'Your change to a review was not accepted', 'stays as it was. You can'],
  [{ decision: 'HIDE', reasonCode: 'SPAM', isVisible: false }, 'Your review was taken off', 'The reason given: spam.'],
] as const)('the author is told of %o', (decision, subject, part) => {
  const mail = reviewMail(decision, url);
  expect(mail).toEqual({ subject, text: expect.stringContaining(part) });
  expect(mail.text).toContain(url);
});
