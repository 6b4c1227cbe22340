import { AppError } from '@app/errors';
import type { CartLineRow, CartPromotionRow, CartRow } from '../../data/cart-rows.ts';
import { shippingRatesFor, taxRatesFor } from '../../data/rate-card.ts';
import { type Priced, type PricedLine, price } from '../../domain/pricing.ts';
import { type ShippingChoice, type ShippingRate, sameMethod, shippingChoices } from '../../domain/shipping.ts';
import type { CartProblemCode } from '../../domain/statuses.ts';
import type { Deps } from '../deps.ts';
import type { CatalogueVariant } from '../ports.ts';
import { promotionState } from './promotion-state.ts';

/** A line at the price of now. */
export interface CartLineView extends PricedLine {
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly weightGrams: number;
}

export interface CartProblemView {
  readonly code: CartProblemCode;
  readonly lineId: string | null;
  readonly message: string;
}

/** A cart with everything that the catalogue, the rate card and the clock say about it now. */
export interface CartView extends Priced {
  readonly currency: string;
  readonly lines: readonly CartLineView[];
  readonly shippingOptions: readonly ShippingChoice[];
  readonly selectedShipping: ShippingChoice | null;
  readonly problems: readonly CartProblemView[];
}

/** What varies between reading a cart and ordering it. */
export interface ViewOptions {
  /** Without it a catalogue that does not answer is an error; with it the last known prices are shown. */
  readonly lenient: boolean;
}

/** Prices a cart now. @throws {AppError} when the catalogue does not answer and the options are not lenient. */
export async function viewCart(deps: Deps, cart: CartRow, options: ViewOptions = { lenient: true }): Promise<CartView> {
  const country = cart.shippingAddress?.countryCode ?? null;
  const [variants, rates, taxes] = await Promise.all([
    knownVariants(deps, cart, options),
    country === null ? [] : shippingRatesFor(deps.db, [country]),
    country === null ? null : taxRatesFor(deps.db, country),
  ]);
  const now = deps.now();
  const sellable = cart.lines.map((line) => currentLine(line, variants));
  const shipping = shippingOf(cart, rates, sellable, now);
  const states = cart.promotions.map((promotion) => ({ promotion, state: promotionState(promotion, now) }));
  const valid = states.filter(({ state }) => state === 'VALID').map(({ promotion }) => promotion);
  const priced = price({
    currency: cart.currency,
    lines: sellable,
    promotions: valid,
    shippingMinor: shipping.selected?.priceMinor ?? null,
    taxOf: (category) => taxes?.get(category) ?? null,
  });
  const lines = priced.lines.map((line, index) => ({ ...line, ...factsOf(sellable[index]) })) as CartLineView[];
  const problems = [
    ...cart.lines.flatMap((line) => lineProblems(line, variants)),
    ...promotionProblems(states, priced),
    ...shippingProblems(cart, shipping.selected),
  ];
  return {
    ...priced,
    currency: cart.currency,
    lines,
    promotions: withDormant(cart.promotions, priced),
    shippingOptions: shipping.options,
    selectedShipping: shipping.selected,
    problems,
  };
}

/** The catalogue's answer; null when it does not answer and the last known facts have to do. */
async function knownVariants(deps: Deps, cart: CartRow, { lenient }: ViewOptions): Promise<ReadonlyMap<string, CatalogueVariant> | null> {
  const isSettled = cart.status === 'ORDERED' || cart.status === 'EXPIRED';
  if (cart.lines.length === 0 || (isSettled && lenient)) return null;
  try {
    return await deps.catalogue.variants(
      cart.lines.map((line) => line.variantId),
      cart.currency,
    );
  } catch (error) {
    if (!lenient || !(error instanceof AppError)) throw error;
    deps.logger.warn({ err: error, cartId: cart.id }, 'the catalogue does not answer: a cart is shown at its last known prices');
    return null;
  }
}

/** A line with the facts of now where there are any. */
function currentLine(line: CartLineRow, variants: ReadonlyMap<string, CatalogueVariant> | null): CartLineRow {
  const variant = variants?.get(line.variantId);
  if (!variant) return line;
  const { sku, title, productId, imageUrl, weightGrams, taxCategory } = variant;
  return { ...line, sku, title, productId, imageUrl, weightGrams, taxCategory, unitPriceMinor: variant.priceMinor ?? line.unitPriceMinor };
}

function factsOf(line: CartLineRow | undefined): Partial<CartLineView> {
  if (!line) return {};
  const { variantId, productId, sku, title, imageUrl, weightGrams } = line;
  return { variantId, productId, sku, title, imageUrl, weightGrams };
}

function shippingOf(
  cart: CartRow,
  rates: readonly ShippingRate[],
  lines: readonly CartLineRow[],
  now: Date,
): { options: ShippingChoice[]; selected: ShippingChoice | null } {
  const country = cart.shippingAddress?.countryCode;
  if (country === undefined || lines.length === 0) return { options: [], selected: null };
  const grams = lines.reduce((sum, line) => sum + line.weightGrams * line.quantity, 0);
  const options = shippingChoices(rates, { country, currency: cart.currency, grams, now });
  return { options, selected: sameMethod(rates, options, cart.shippingRateId) };
}

function lineProblems(line: CartLineRow, variants: ReadonlyMap<string, CatalogueVariant> | null): CartProblemView[] {
  if (variants === null) return [];
  const variant = variants.get(line.variantId);
  const problem = (code: CartProblemCode, message: string): CartProblemView => ({ code, lineId: line.id, message });
  if (!variant?.purchasable || variant.priceMinor === null)
    return [problem('VARIANT_UNAVAILABLE', `${line.title} is not sold any more: remove it.`)];
  const found: CartProblemView[] = [];
  if (variant.maxOrderQuantity === 0) found.push(problem('OUT_OF_STOCK', `${line.title} is sold out: remove it.`));
  else if (variant.maxOrderQuantity < line.quantity) {
    found.push(problem('QUANTITY_REDUCED', `Only ${variant.maxOrderQuantity} of ${line.title} can be ordered now: lower the quantity.`));
  }
  if (variant.priceMinor !== line.unitPriceMinor)
    found.push(problem('PRICE_CHANGED', `The price of ${line.title} has changed since it was put in.`));
  return found;
}

function promotionProblems(states: readonly { promotion: CartPromotionRow; state: string }[], priced: Priced): CartProblemView[] {
  return states.flatMap(({ promotion, state }) => {
    const applies = priced.promotions.find(({ id }) => id === promotion.id)?.applies ?? false;
    if (state === 'VALID' && applies) return [];
    const why = state === 'VALID' ? 'does not apply to what is in the cart' : 'is not valid any more';
    return [{ code: 'PROMOTION_EXPIRED' as const, lineId: null, message: `The code ${promotion.code} ${why}.` }];
  });
}

function shippingProblems(cart: CartRow, selected: ShippingChoice | null): CartProblemView[] {
  if (cart.shippingRateId === null || selected !== null || cart.lines.length === 0) return [];
  return [{ code: 'SHIPPING_UNAVAILABLE', lineId: null, message: 'The shipping method is not offered for this cart: choose another one.' }];
}

/** Every promotion of the cart, those that do not apply now with nothing taken off. */
function withDormant(all: readonly CartPromotionRow[], priced: Priced): Priced['promotions'] {
  return all.map(
    (row) =>
      priced.promotions.find(({ id }) => id === row.id) ?? {
        id: row.id,
        code: row.code,
        title: row.title,
        discountMinor: 0,
        applies: false,
      },
  );
}
