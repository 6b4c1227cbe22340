import { expect, test } from 'vitest';
import { acceptRequestId, currentRequest, runWithRequest } from './index.ts';

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
