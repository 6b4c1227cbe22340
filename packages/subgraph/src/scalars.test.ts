import { parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { CurrencyCodeScalar, DateTimeScalar, DecimalScalar, MinorUnitsScalar } from './scalars.ts';

test('instants are written in UTC with milliseconds and read with any offset', () => {
  expect(DateTimeScalar.serialize(new Date('2026-01-01T01:00:00+01:00'))).toBe('2026-01-01T00:00:00.000Z');
  expect(DateTimeScalar.parseValue('2026-01-01T01:00:00+01:00')).toEqual(new Date('2026-01-01T00:00:00Z'));
  expect(DateTimeScalar.parseLiteral(parseValue('"2026-01-01T00:00:00Z"'), {})).toEqual(new Date('2026-01-01T00:00:00Z'));
  expect(() => DateTimeScalar.serialize('yesterday')).toThrow();
});

test('minor units are safe integers; bigint columns become numbers', () => {
  expect(MinorUnitsScalar.serialize(12n)).toBe(12);
  expect(MinorUnitsScalar.parseLiteral(parseValue('12'), {})).toBe(12);
});

test('decimals and currency codes are kept as they are', () => {
  expect(DecimalScalar.parseLiteral(parseValue('"12.90"'), {})).toBe('12.90');
  expect(CurrencyCodeScalar.parseLiteral(parseValue('"EUR"'), {})).toBe('EUR');
});

test.each([
  [DateTimeScalar, ['2026-01-01', '2026-13-01T00:00:00Z', 0, null, '']],
  [MinorUnitsScalar, [1.5, 2 ** 53, '1', null, Number.NaN]],
  [DecimalScalar, [1, '1e3', '1.', '', '\u0000']],
  [CurrencyCodeScalar, ['eur', 'EURO', 'E', 978]],
])('%s refuses what it is not', (scalar, values) => {
  for (const value of values) expect(() => scalar.parseValue(value)).toThrow(scalar.name);
  expect(() => scalar.parseLiteral(parseValue('true'), {})).toThrow(scalar.name);
});
