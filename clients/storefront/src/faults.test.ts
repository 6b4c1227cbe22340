import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { expect, expectTypeOf, test } from 'vitest';
import { type Fault, faultsOf, faultWith, isUnreachable } from './faults.ts';

const answered = (...codes: unknown[]) =>
  new CombinedGraphQLErrors({ data: null, errors: codes.map((code) => ({ message: 'm', path: ['a', 0], extensions: { code } })) });
const page = (bodyText: string) => new ServerError('failed', { response: new Response(bodyText, { status: 502 }), bodyText });

test('the codes of an answer are those of the closed list, and what is not on it counts as INTERNAL', () => {
  expect(faultsOf(answered('RATE_LIMITED', 'OF_TOMORROW', undefined)).map(({ code, isRetryable }) => [code, isRetryable])).toEqual([
    ['RATE_LIMITED', true],
    ['INTERNAL', true],
    ['INTERNAL', true],
  ]);
});

test('asking for a code narrows to it', () => {
  const fault = faultWith(answered('FORBIDDEN', 'TIMEOUT'), 'TIMEOUT', 'RATE_LIMITED');
  expectTypeOf(fault).toEqualTypeOf<Fault<'TIMEOUT' | 'RATE_LIMITED'> | undefined>();
  expect(fault).toEqual({ code: 'TIMEOUT', message: 'm', path: ['a', 0], isRetryable: true });
  expect(faultWith(answered('FORBIDDEN'), 'TIMEOUT')).toBeUndefined();
});

test('errors in the body of a refused request are read, a page of a proxy means that the gateway was not reached', () => {
  const body = JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(faultsOf(page(body))).toMatchObject([{ code: 'UNAUTHENTICATED', message: 'no' }]);
  expect(isUnreachable(page(body))).toBe(false);
  expect(isUnreachable(page('<html>Bad Gateway</html>'))).toBe(true);
  expect(isUnreachable(new TypeError('fetch failed'))).toBe(true);
  expect(isUnreachable(answered('INTERNAL'))).toBe(false);
  expect(faultsOf('something else')).toEqual([]);
});
