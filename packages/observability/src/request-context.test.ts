import { expect, test } from 'vitest';
import { acceptRequestId, contextOfHeaders, currentRequest, headersOfContext, runWithRequest } from './index.ts';

test('parallel requests do not see each other', async () => {
  const ids = await Promise.all(
    ['request-a', 'request-b'].map((requestId) =>
      runWithRequest({ requestId }, async () => {
        await Promise.resolve();
        return currentRequest()?.requestId;
      }),
    ),
  );
  expect(ids).toEqual(['request-a', 'request-b']);
  expect(currentRequest()).toBeUndefined();
});

test('what becomes known later is visible to everyone in the request', () => {
  runWithRequest({ requestId: 'request-a' }, () => {
    const request = currentRequest();
    if (request) request.principalId = 'user_1';
    expect(currentRequest()?.principalId).toBe('user_1');
  });
});

test('a sound request id is kept', () => {
  expect(acceptRequestId('abcd-1234', () => 'new')).toBe('abcd-1234');
});

test.each([undefined, '', 'short', 'x'.repeat(129), 'with space 123', 'line\nbreak-1', ['aaaaaaaa', 'bbbbbbbb']])(
  '%j is replaced by a new id',
  (header) => {
    expect(acceptRequestId(header, () => 'new')).toBe('new');
  },
);

test('a new id is a UUID', () => {
  expect(acceptRequestId(undefined)).toMatch(/^[0-9a-f-]{36}$/);
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('what one process sends is what the next one takes', () => {
  const headers = runWithRequest({ requestId: 'request-1', traceparent }, () => headersOfContext());
  expect(contextOfHeaders(headers)).toEqual({ requestId: 'request-1', traceparent });
  expect(headersOfContext()).toEqual({});
});

test.each([
  '',
  'x',
  `${traceparent}-00`,
  traceparent.toUpperCase(),
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `01${traceparent.slice(2)}`,
])('the trace context %j is not passed on', (header) => {
  expect(contextOfHeaders({ 'x-request-id': 'request-1', traceparent: header })).toEqual({ requestId: 'request-1' });
});
