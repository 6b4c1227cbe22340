import type { ProductRow, SeedCurrency } from '../catalogue/rows.ts';
import { HOUR_MS, plus, SEED_NOW, SEED_YEAR_START } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import { type Random, randomFor } from '../core/random.ts';
import { type WeightedPicker, weightedPicker } from '../core/weighted-picker.ts';
import type { PersonRow } from '../people/rows.ts';
import { assembleOrder } from './assemble.ts';
import { autumnCode } from './promotions.ts';
import type { OrderRow, ShippingMethod } from './rows.ts';
import { type Scenario, scenarioFor } from './scenario.ts';
import { type Pick, priceLines } from './totals.ts';

export const ORDERS_PER_TOWN = 2_500;

/** Orders of customer@example.com: one in every state worth seeing, newest last. */
const demoOrders: ReadonlyMap<number, Scenario> = new Map([
  [120, 'delivered'],
  [480, 'delivered'],
  [790, 'cancelled'],
  [1100, 'delivered'],
  [1390, 'partlyRefunded'],
  [1650, 'delivered'],
  [1880, 'declined'],
  [2050, 'delivered'],
  [2210, 'delivered'],
  [2330, 'returnRequested'],
  [2410, 'delivered'],
  [2448, 'shipped'],
  [2480, 'confirmed'],
  [2496, 'awaitingPayment'],
]);

interface Town {
  readonly seed: string;
  readonly town: number;
  readonly people: readonly PersonRow[];
  readonly buyers: WeightedPicker<PersonRow>;
  readonly products: WeightedPicker<ProductRow>;
}

/** The orders of one town over the demo year, oldest first. */
export function ordersOf(seed: string, town: number, world: { people: readonly PersonRow[]; products: readonly ProductRow[] }): OrderRow[] {
  const context: Town = {
    seed,
    town,
    people: world.people,
    buyers: weightedPicker(
      world.people.filter(({ email }) => email !== 'customer@example.com'),
      ({ appetite }) => appetite,
    ),
    products: weightedPicker(world.products, ({ popularity }) => popularity),
  };
  return Array.from({ length: ORDERS_PER_TOWN }, (_, index) => order(context, index));
}

function order(context: Town, index: number): OrderRow {
  const key = `${context.town}/${index}`;
  const random = randomFor(`${context.seed}/order/${key}`);
  const placedAt = placedDate(random, index);
  const demo = context.town === 0 ? demoOrders.get(index) : undefined;
  const buyer = demo
    ? customerLogin(context.people)
    : drawUntil(
        () => context.buyers.pick(random),
        ({ createdAt }) => createdAt < placedAt,
      );
  const isGuest = !demo && random.chance(0.04);
  const currency: SeedCurrency = buyer.preferredCurrency;
  const address = buyer.addresses[0].postal;
  const promotionCode = random.chance(0.09) ? autumnCode(context.town) : null;
  const picks = basket(context, random, { placedAt, size: demo ? 3 : random.weighted(basketSizes) });
  return assembleOrder({
    key,
    id: seedId('ord', key, placedAt),
    cartId: seedId('crt', key, plus(placedAt, -HOUR_MS / 3)),
    sequence: context.town * ORDERS_PER_TOWN + index,
    random,
    scenario: demo ?? scenarioFor(random, placedAt),
    placedAt,
    buyerId: isGuest ? null : buyer.id,
    email: isGuest ? buyer.email.replace('@', '+guest@') : buyer.email,
    currency,
    address,
    promotionCode,
    shippingMethod: random.chance(0.15) ? express : standard,
    lines: priceLines(picks, { currency, countryCode: address.countryCode, percentOff: promotionCode ? 10 : 0 }),
  });
}

const standard: ShippingMethod = { code: 'standard', name: 'Standard' };
const express: ShippingMethod = { code: 'express', name: 'Express' };
const basketSizes: readonly (readonly [number, number])[] = [
  [1, 16],
  [2, 22],
  [3, 22],
  [4, 17],
  [5, 12],
  [6, 7],
  [8, 4],
];

/** Later orders are closer together: the shop grew. Order `index` never precedes order `index − 1`. */
function placedDate(random: Random, index: number): Date {
  const share = ((index + random.next()) / ORDERS_PER_TOWN) ** 0.75;
  const end = SEED_NOW.getTime() - HOUR_MS;
  return new Date(Math.round(SEED_YEAR_START.getTime() + share * (end - SEED_YEAR_START.getTime())));
}

function basket({ products }: Town, random: Random, { placedAt, size }: { placedAt: Date; size: number }): Pick[] {
  const picks = new Map<string, Pick>();
  for (let i = 0; i < size; i += 1) {
    const product = drawUntil(
      () => products.pick(random),
      ({ createdAt }) => createdAt < placedAt,
    );
    const variant = random.pick(product.variants);
    const quantity = random.weighted([
      [1, 80],
      [2, 16],
      [3, 3],
      [4, 1],
    ] as const);
    picks.set(variant.id, { variant, productId: product.id, title: `${product.title}, ${variant.title}`, quantity });
  }
  return [...picks.values()];
}

/** Draws until something fits; the weights make a miss rare, the limit makes a mistake loud. */
function drawUntil<T>(draw: () => T, fits: (item: T) => boolean): T {
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const item = draw();
    if (fits(item)) return item;
  }
  throw new RangeError('nothing fits after 10,000 draws');
}

function customerLogin(people: readonly PersonRow[]): PersonRow {
  const person = people.find(({ email }) => email === 'customer@example.com');
  if (!person) throw new RangeError('town 0 must contain customer@example.com');
  return person;
}
