import { randomUUID } from 'node:crypto';
import { withClient } from '@app/platform';
import { expect, inject, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { signIn } from '../support/sign-in.ts';

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('request id and trace of a request through the gateway stand on the events that it causes, which reach their handlers', async () => {
  const requestId = `trace-${randomUUID()}`;
  const url = inject('gatewayUrl');
  const token = await signIn(url, 'customer@example.com');
  const query = 'mutation Trace($input: ProfileUpdateInput!) { profileUpdate(input: $input) { userErrors { code } } }';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-request-id': requestId, traceparent: trace },
    body: JSON.stringify({ query, variables: { input: { displayName: 'Clara Becker' } } }),
  });
  expect(await response.json()).toMatchObject({ data: { profileUpdate: { userErrors: [] } } });
  const { id, metadata } = await eventually(() => eventOf(requestId));
  expect(metadata).toMatchObject({ correlationId: requestId, traceparent: trace });
  await eventually(async () => {
    const rows = await withClient(inject('databaseUrls').reviews, async (client) => {
      return (await client.query('SELECT FROM inbox WHERE consumer = $1 AND event_id = $2', ['reviews.authors', id])).rows;
    });
    expect(rows).toHaveLength(1);
  });
});

async function eventOf(requestId: string) {
  const { rows } = await withClient(inject('databaseUrls').accounts, (client) =>
    client.query<{ id: string; metadata: object }>(`SELECT id, metadata FROM event WHERE metadata ->> 'correlationId' = $1`, [requestId]),
  );
  const [event] = rows;
  if (event === undefined) throw new Error(`no event of request ${requestId}`);
  return event;
}
