import { AppError } from '@app/errors';

/** Units of a variant. */
export interface UnitLine {
  readonly variantId: string;
  readonly quantity: number;
}

/** Most lines of one command, and most units of one line. */
const maxLines = 500;
const maxUnits = 1_000_000;

/**
 * Lines of one variant added up, sorted by variant: the order in which every writer locks stock.
 * @throws {AppError} BAD_USER_INPUT when there are none, too many, or a quantity is not a whole number from 1.
 */
export function sumLines(lines: readonly UnitLine[], isKnownForm: (variantId: string) => boolean): UnitLine[] {
  if (lines.length === 0 || lines.length > maxLines) throw new AppError('BAD_USER_INPUT', `lines must be 1 to ${maxLines}.`);
  const sums = new Map<string, number>();
  for (const { variantId, quantity } of lines) {
    if (!isKnownForm(variantId)) throw new AppError('BAD_USER_INPUT', 'variantId must be the id of a variant.');
    if (!Number.isInteger(quantity) || quantity < 1) throw new AppError('BAD_USER_INPUT', 'quantity must be a whole number from 1.');
    sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  }
  const summed = [...sums].map(([variantId, quantity]) => ({ variantId, quantity }));
  if (summed.some(({ quantity }) => quantity > maxUnits)) throw new AppError('BAD_USER_INPUT', `quantity must be at most ${maxUnits}.`);
  return summed.sort((a, b) => (a.variantId < b.variantId ? -1 : 1));
}
