import { isCurrencyCode } from '@app/money';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** RFC 3339 instant; always written in UTC with milliseconds. Inputs may carry an offset. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant, always UTC, millisecond precision, such as 2026-11-20T12:00:00.000Z.',
  serialize: (value) => {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new GraphQLError('A resolver returned something that is not an instant.');
  },
  parseValue: (value) => parseInstant(value),
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

/** Whole number of minor units. bigint columns are written as JSON integers. */
export const MinorUnitsScalar = new GraphQLScalarType<number, number>({
  name: 'MinorUnits',
  description: 'Whole number of minor units (cents), a JSON integer, |n| ≤ 2^53 − 1.',
  serialize: (value) => minorUnits(typeof value === 'bigint' ? Number(value) : value),
  parseValue: minorUnits,
  parseLiteral: (node) => minorUnits(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** Exact decimal as a JSON string. */
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'Exact decimal as a JSON string, such as "12.90".',
  serialize: decimal,
  parseValue: decimal,
  parseLiteral: (node) => decimal(node.kind === Kind.STRING ? node.value : undefined),
});

/** ISO 4217 code. A scalar, not an enum: an enum used in input and output must be identical in every subgraph. */
export const CurrencyCodeScalar = new GraphQLScalarType<string, string>({
  name: 'CurrencyCode',
  description: 'ISO 4217 currency code, three upper-case letters, such as EUR.',
  serialize: currencyCode,
  parseValue: currencyCode,
  parseLiteral: (node) => currencyCode(node.kind === Kind.STRING ? node.value : undefined),
});

function parseInstant(value: unknown): Date {
  const date = typeof value === 'string' && instant.test(value) ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime())) throw inputError('DateTime must be an RFC 3339 string such as "2026-11-20T12:00:00Z".');
  return date;
}

function minorUnits(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw inputError('MinorUnits must be a whole number between -(2^53 - 1) and 2^53 - 1.');
  return value as number;
}

function decimal(value: unknown): string {
  if (typeof value !== 'string' || !/^-?\d{1,20}(\.\d{1,20})?$/.test(value)) throw inputError('Decimal must be a string such as "12.90".');
  return value;
}

function currencyCode(value: unknown): string {
  if (!isCurrencyCode(value)) throw inputError('CurrencyCode must be three upper-case letters such as EUR.');
  return value;
}

function inputError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
