import { expect, test } from 'vitest';
import { AppError, errorCodes, isErrorCode, toExtensions } from './index.ts';

test('an error takes message, status and retryability from the registry', () => {
  const error = new AppError('RATE_LIMITED');
  expect(error).toMatchObject({ name: 'AppError', message: errorCodes.RATE_LIMITED.message, httpStatus: 429, retryable: true });
});

test('the cause is kept for the log and stays out of the extensions', () => {
  const cause = new Error('connection refused');
  const error = new AppError('INTERNAL', undefined, { cause, details: { requestId: 'r1' } });
  expect(error.cause).toBe(cause);
  expect(toExtensions(error)).toEqual({ code: 'INTERNAL', retryable: true, requestId: 'r1' });
});

test('details cannot overwrite the code', () => {
  expect(toExtensions(new AppError('FORBIDDEN', 'no', { details: { code: 'X' } }))).toMatchObject({ code: 'FORBIDDEN' });
});

test.each(['__proto__', 'toString', 'NOPE', 3, null])('%s is not a code', (value) => {
  expect(isErrorCode(value)).toBe(false);
});

test('every code of the registry is recognised', () => {
  expect(Object.keys(errorCodes).every(isErrorCode)).toBe(true);
});
