import { expect, test } from 'vitest';
import { refuseDeepJson } from './request-shape.ts';

const nested = (levels: number, open: string, close: string) => JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`) as unknown;

test.each([
  ['[', ']'],
  ['{"a":', '}'],
  ['[{"a":0,"b":', '}]'],
])('JSON may have two hundred levels of %s', (open, close) => {
  const levels = 200 / open.replaceAll(/[^[{]/g, '').length;
  expect(() => refuseDeepJson([nested(levels - 1, open, close)])).not.toThrow();
  expect(() => refuseDeepJson(nested(levels, open, close))).not.toThrow();
  expect(() => refuseDeepJson([nested(levels, open, close)])).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  expect(() => refuseDeepJson(nested(5_000, open, close))).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
});

test('long texts, numbers and many items are not deep', () => {
  for (const value of [null, 1, '['.repeat(1_000), Array(1_000).fill({}), undefined]) expect(() => refuseDeepJson(value)).not.toThrow();
});
