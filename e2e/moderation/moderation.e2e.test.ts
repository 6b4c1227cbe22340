import { hash } from 'node:crypto';
import { withClient } from '@app/platform';
import { ProductPageDocument, ReviewModerateDocument, ReviewSubmitDocument } from '@clients/storefront/documents';
import { expect, inject, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendOk } from '../support/gateway.ts';
import { signIn } from '../support/sign-in.ts';
import { ask, present, signedIn } from '../support/storefront.ts';

test('a review is checked for the moderators, waits for their decision, and its author is told by mail, once', async () => {
  const url = inject('gatewayUrl');
  const [author, moderator] = [await signedIn(url, 'support@example.com'), await signedIn(url, 'moderator@example.com')];
  const page = await ask(author, ProductPageDocument, { slug: 'norrland-cast-iron-skillet', currency: 'EUR', countryCode: 'DE' });
  const input = { productId: present(page.product).id, rating: 5, title: 'Look', body: 'Much cheaper at https://cheap.example !!!!!' };
  const { reviewSubmit } = await ask(author, ReviewSubmitDocument, { input });
  const { id } = present(reviewSubmit.review);
  // Other scenarios leave reviews of products that are not on sale any more: only what this one is about is asked for.
  const token = await signIn(url, 'moderator@example.com');
  await eventually(async () => {
    const { reviewModerationQueue: queue } = await sendOk<Queue>(url, { token, query: queueQuery });
    expect(queue.nodes.find((review) => review.id === id)?.automaticFindings).toEqual(['LINK', 'REPEATED_CHARACTERS']);
  });
  const decision = { decision: 'REJECT', reasonCode: 'SPAM' } as const;
  const { reviewModerate } = await ask(moderator, ReviewModerateDocument, { id, input: decision });
  expect(reviewModerate).toMatchObject({ review: { status: 'REJECTED' }, userErrors: [] });
  const event = await eventually(() => announcement(id));
  await eventually(async () => expect(await mailOf(event)).toMatchObject([{ kind: 'REVIEW_MODERATED' }]));
  expect(await runsOf(id)).toEqual([{ name: 'moderate-review', status: 'DONE' }]);
});

interface Queue {
  readonly reviewModerationQueue: {
    readonly nodes: readonly { readonly id: string; readonly automaticFindings: readonly string[] | null }[];
  };
}

const queueQuery = '{ reviewModerationQueue(first: 100) { nodes { id automaticFindings } } }';

async function announcement(reviewId: string): Promise<string> {
  const { rows } = await withClient(inject('databaseUrls').reviews, (client) =>
    client.query<{ id: string }>(`SELECT id FROM event WHERE type = 'review.moderated' AND stream_id = $1`, [reviewId]),
  );
  expect(rows).toHaveLength(1);
  return present(rows[0]).id;
}

/** The mail that accounts writes for an event. */
async function mailOf(eventId: string): Promise<object[]> {
  const id = `eml_${hash('sha256', eventId).slice(0, 32)}`;
  return withClient(inject('databaseUrls').accounts, async (client) => {
    return (await client.query('SELECT kind FROM mail WHERE id = $1', [id])).rows;
  });
}

async function runsOf(reviewId: string): Promise<object[]> {
  return withClient(inject('databaseUrls').reviews, async (client) => {
    return (await client.query('SELECT name, status FROM workflow.run WHERE subject = $1', [reviewId])).rows;
  });
}
