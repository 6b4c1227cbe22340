import { expect, test } from 'vitest';
import {
  ConflictError,
  conflict,
  InputError,
  inputError,
  NotFoundError,
  notFound,
  RateLimitedError,
  userError,
} from './user-error.type.ts';

test('errors carry code, message and the path of the argument at fault', () => {
  expect(inputError(['input', 'lines', 0], 'REQUIRED', 'Fill this in.')).toEqual(
    Object.assign(new InputError(), { code: 'REQUIRED', message: 'Fill this in.', path: ['input', 'lines', '0'] }),
  );
  expect(notFound('cart', 'crt_1')).toBeInstanceOf(NotFoundError);
  expect(notFound('cart', 'crt_1')).toMatchObject({ id: 'crt_1', path: ['id'], message: 'There is no such cart.' });
  expect(notFound('cart', null, ['cartId'])).toMatchObject({ id: null, path: ['cartId'] });
});

test('a conflict about no single argument has no path, one about a version names it', () => {
  expect(conflict('BUSY', 'Wait.')).toEqual(
    Object.assign(new ConflictError(), { code: 'BUSY', message: 'Wait.', path: null, currentVersion: null }),
  );
  expect(conflict('CHANGED', 'Read again.', 3, ['id'])).toMatchObject({ currentVersion: 3, path: ['id'] });
});

test('further fields of a class are filled', () => {
  expect(userError(RateLimitedError, { code: 'RATE_LIMITED', message: 'Wait.' }, { retryAfterSeconds: 5 })).toMatchObject({
    retryAfterSeconds: 5,
    path: null,
  });
});
