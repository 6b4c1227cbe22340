import { randomUUID } from 'node:crypto';
import { newId } from '@app/database';
import { type EventEnvelope, MemoryTransport, startConsumer } from '@app/events';
import { ReviewModerated } from '@app/events/catalogue/review.events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consumersOf } from './consumers.ts';
import { AccountsKit } from './testing/accounts-kit.ts';

const owned = new AsyncDisposableStack();
const transport = new MemoryTransport();
let kit: AccountsKit;
let handled = 0;
let position = 0;

beforeAll(async () => {
  kit = owned.use(await AccountsKit.start());
  for (const consumer of consumersOf(kit.app)) {
    const observe = ({ kind }: { kind: string }) => {
      if (kind === 'handled' || kind === 'duplicate' || kind === 'parked') handled += 1;
    };
    const running = startConsumer({ ...consumer, transport, observe });
    owned.defer(() => running.stop());
  }
});
afterAll(() => owned.disposeAsync());

interface Decided {
  readonly id?: string;
  readonly time?: Date;
  readonly authorId: string | null;
}

/** Delivers a decision as the relay of reviews does, and waits until it has taken effect. */
async function decided({ id = `evt_${randomUUID()}`, time = new Date(), authorId }: Decided): Promise<string> {
  const reviewId = newId('rev');
  const facts = { reviewId, productId: newId('prd'), authorId, decision: 'REJECT', reasonCode: 'OFF_TOPIC', isVisible: false } as const;
  const { type, version, data, streamType, streamId } = ReviewModerated.create(reviewId, facts);
  const envelope: EventEnvelope = {
    specversion: '1.0',
    id,
    type,
    source: 'reviews',
    subject: streamId,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    dataschema: `${type}/${version}`,
    data,
    streamtype: streamType,
    streamversion: position + 1,
    position: position + 1,
  };
  const before = handled;
  position = await transport.append('reviews', position, [envelope]);
  while (handled === before) await new Promise((resolve) => setTimeout(resolve, 5));
  return reviewId;
}

const mails = (recipient: string) => kit.db.mail.findMany({ where: { recipient, kind: 'REVIEW_MODERATED' } });

test('the author of a review is told once what was decided, however often the event comes', async () => {
  const { id: authorId, email } = await kit.person('reviewer');
  const event = { id: `evt_${randomUUID()}`, authorId };
  const reviewId = await decided(event);
  await decided(event);
  const found = await mails(email);
  expect(found).toMatchObject([{ subject: 'Your review was not accepted', sentAt: null }]);
  expect(found[0]?.text).toContain(`/reviews/${reviewId}`);
  await decided({ authorId });
  expect(await mails(email)).toHaveLength(2);
});

test('old decisions, reviews without an author and people who are gone cause no mail, and hold nothing up', async () => {
  const { id: authorId, email } = await kit.person('replayed');
  await decided({ authorId, time: new Date(Date.now() - 3 * 24 * 60 * 60_000) });
  await decided({ authorId: null });
  await decided({ authorId: newId('usr') });
  expect(await mails(email)).toEqual([]);
  expect(await kit.db.deadLetter.count()).toBe(0);
});
