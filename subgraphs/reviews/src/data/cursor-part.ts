import { AppError } from '@app/errors';

type Part = string | number | null | undefined;

/** A cursor is opaque but not secret: its parts are checked before Postgres casts them, so that a forged one is no fault of ours. */
export function instantOf(part: Part): Date {
  const instant = typeof part === 'string' ? new Date(part) : new Date(Number.NaN);
  if (Number.isNaN(instant.getTime())) throw foreign();
  return instant;
}

/** A number that fits a Postgres integer. */
export function integerOf(part: Part): number {
  if (typeof part !== 'number' || !Number.isInteger(part) || Math.abs(part) > 2 ** 31 - 1) throw foreign();
  return part;
}

export function textOf(part: Part): string {
  if (typeof part !== 'string') throw foreign();
  return part;
}

function foreign(): AppError {
  return new AppError('BAD_USER_INPUT', 'This cursor does not belong to this list: leave it out to start from the beginning.');
}
