import type { Principal } from '@app/auth';
import { isId, newId } from '@app/database';
import { InputCheck, inputError, notFound, UserFault } from '@app/subgraph';
import type { CartRow } from '../../data/cart-rows.ts';
import type { Tx } from '../../data/database.ts';
import type { Deps } from '../deps.ts';
import type { CatalogueVariant } from '../ports.ts';
import { changeCart, requireOpenCart } from './change-cart.ts';

/** A variant to put in. */
export interface LineToAdd {
  readonly variantId: string;
  readonly quantity: number;
}

/** A line's new quantity; 0 removes it. */
export interface LineToUpdate {
  readonly lineId: string;
  readonly quantity: number;
}

export const maxCartLines = 50;
export const maxLineQuantity = 99;

/** Adds variants; of one that is already there the quantities are added up. */
export async function addCartLines(deps: Deps, principal: Principal, cartId: string, lines: readonly LineToAdd[]): Promise<CartRow> {
  checkLinesToAdd(lines, ['lines']);
  const cart = await requireOpenCart(deps, principal, cartId);
  const variants = await sellableVariants(deps, lines, cart.currency, ['lines']);
  return changeCart(deps, principal, cart, (tx, current) => putLines(tx, current, lines, variants, ['lines']));
}

/** Checks the form of lines. @throws {UserFault} with all findings. */
export function checkLinesToAdd(lines: readonly LineToAdd[], path: readonly string[]): void {
  const check = new InputCheck();
  check.list(lines, path, { max: maxCartLines });
  for (const [index, { quantity }] of lines.slice(0, maxCartLines).entries()) {
    check.integer(quantity, [...path, index, 'quantity'], { min: 1, max: maxLineQuantity });
  }
  check.finish();
}

/** The variants of these lines. @throws {UserFault} for each that is unknown or not sold in this currency. */
export async function sellableVariants(
  deps: Deps,
  lines: readonly LineToAdd[],
  currency: string,
  path: readonly string[],
): Promise<ReadonlyMap<string, CatalogueVariant>> {
  const ids = [...new Set(lines.map((line) => line.variantId))].filter((id) => isId('var', id));
  const variants = ids.length === 0 ? new Map<string, CatalogueVariant>() : await deps.catalogue.variants(ids, currency);
  const errors = lines.flatMap(({ variantId }, index) => {
    const variant = variants.get(variantId);
    const at = [...path, index, 'variantId'];
    if (!variant) return [notFound('variant', variantId, at)];
    if (!variant.purchasable || variant.priceMinor === null)
      return [inputError(at, 'NOT_PURCHASABLE', `${variant.title} is not sold in ${currency}.`)];
    return [];
  });
  if (errors.length > 0) throw new UserFault(...errors);
  return variants;
}

/** Writes lines into an open cart, adding up quantities. @throws {UserFault} when the cart gets too full. */
export async function putLines(
  tx: Tx,
  cart: CartRow,
  lines: readonly LineToAdd[],
  variants: ReadonlyMap<string, CatalogueVariant>,
  path: readonly string[],
): Promise<void> {
  const wanted = new Map(cart.lines.map((line) => [line.variantId, line.quantity]));
  for (const { variantId, quantity } of lines) wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity);
  const check = new InputCheck();
  check.require(wanted.size <= maxCartLines, path, 'TOO_MANY', `A cart has at most ${maxCartLines} lines.`);
  lines.forEach(({ variantId }, index) => {
    check.require(
      (wanted.get(variantId) ?? 0) <= maxLineQuantity,
      [...path, index, 'quantity'],
      'OUT_OF_RANGE',
      `A line has at most ${maxLineQuantity} pieces.`,
    );
  });
  check.finish();
  const addedAt = Date.now();
  for (const [index, variantId] of [...new Set(lines.map((line) => line.variantId))].entries()) {
    const variant = variants.get(variantId);
    if (!variant) continue;
    const facts = { ...snapshot(variant), quantity: wanted.get(variantId) ?? 1 };
    const where = { cartId_variantId: { cartId: cart.id, variantId } };
    await tx.cartLine.upsert({
      where,
      update: facts,
      create: { id: newId('cln'), cartId: cart.id, variantId, ...facts, createdAt: new Date(addedAt + index) },
    });
  }
}

function snapshot({ productId, sku, title, imageUrl, priceMinor, weightGrams, taxCategory }: CatalogueVariant) {
  return { productId, sku, title, imageUrl, unitPriceMinor: BigInt(priceMinor ?? 0), weightGrams, taxCategory };
}

/** Sets quantities. A changed line is taken at the price of now, which ends its PRICE_CHANGED. */
export async function updateCartLines(deps: Deps, principal: Principal, cartId: string, lines: readonly LineToUpdate[]): Promise<CartRow> {
  const check = new InputCheck();
  check.list(lines, ['lines'], { max: maxCartLines });
  for (const [index, { quantity }] of lines.slice(0, maxCartLines).entries()) {
    check.integer(quantity, ['lines', index, 'quantity'], { min: 0, max: maxLineQuantity });
  }
  check.finish();
  const cart = await requireOpenCart(deps, principal, cartId);
  const touched = cart.lines.filter((line) => lines.some(({ lineId, quantity }) => lineId === line.id && quantity > 0));
  const variants =
    touched.length === 0
      ? new Map<string, CatalogueVariant>()
      : await deps.catalogue.variants(
          touched.map((line) => line.variantId),
          cart.currency,
        );
  return changeCart(deps, principal, cart, async (tx, current) => {
    requireLines(
      current,
      lines.map((line) => line.lineId),
      (index) => ['lines', index, 'lineId'],
    );
    for (const { lineId, quantity } of lines) {
      const variantId = current.lines.find((line) => line.id === lineId)?.variantId ?? '';
      const variant = variants.get(variantId);
      if (quantity === 0) await tx.cartLine.deleteMany({ where: { id: lineId, cartId } });
      else
        await tx.cartLine.updateMany({
          where: { id: lineId, cartId },
          data: { quantity, ...(variant?.priceMinor != null && snapshot(variant)) },
        });
    }
  });
}

/** Removes lines. */
export async function removeCartLines(deps: Deps, principal: Principal, cartId: string, lineIds: readonly string[]): Promise<CartRow> {
  const check = new InputCheck();
  check.list(lineIds, ['lineIds'], { max: maxCartLines });
  check.finish();
  return changeCart(deps, principal, await requireOpenCart(deps, principal, cartId), async (tx, cart) => {
    requireLines(cart, lineIds, (index) => ['lineIds', index]);
    await tx.cartLine.deleteMany({ where: { cartId, id: { in: [...lineIds] } } });
  });
}

function requireLines(cart: CartRow, lineIds: readonly string[], pathOf: (index: number) => (string | number)[]): void {
  const errors = lineIds.flatMap((id, index) => (cart.lines.some((line) => line.id === id) ? [] : [notFound('line', id, pathOf(index))]));
  if (errors.length > 0) throw new UserFault(...errors);
}
