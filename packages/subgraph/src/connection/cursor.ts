import { AppError } from '@app/errors';

/** A sort key followed by the id: what a keyset cursor points at. */
export type CursorKey = readonly (string | number | null)[];

/** Writes an opaque cursor. `sort` names the order it belongs to, so that it cannot be used with another. */
export function encodeCursor(sort: string, key: CursorKey): string {
  return Buffer.from(JSON.stringify([1, sort, ...key])).toString('base64url');
}

/**
 * Reads a cursor of this order with `length` key parts.
 * @throws {AppError} BAD_USER_INPUT when it is not one of ours or belongs to another order.
 */
export function decodeCursor(cursor: string, sort: string, length: number): (string | number | null)[] {
  const parts = parse(cursor);
  const key = parts?.slice(2) ?? [];
  const isKey = key.every((part) => part === null || (typeof part === 'string' && !part.includes('\u0000')) || Number.isFinite(part));
  if (parts?.[0] !== 1 || parts[1] !== sort || key.length !== length || !isKey) {
    throw new AppError(
      'BAD_USER_INPUT',
      'This cursor does not belong to this list in this order: leave it out to start from the beginning.',
    );
  }
  return key as (string | number | null)[];
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
