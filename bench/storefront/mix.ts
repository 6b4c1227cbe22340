import { type Random, randomFor } from '../../prisma/seed/core/random.ts';
import type { Operation } from '../load.ts';
import { operation, type Shop } from './shop.ts';

/** How often what is asked, out of 100: 95 times something is read, 5 times something is changed. */
const weights: readonly (readonly [(draw: Draw) => Operation, number])[] = [
  [({ product }) => operation('product-page', { slug: product.slug, currency: 'EUR', countryCode: 'DE' }), 36],
  [({ word }) => operation('search-page', { query: word, currency: 'EUR' }), 14],
  [({ category }) => operation('category-page', { slug: category.slug, categoryIds: [category.id], currency: 'EUR' }), 14],
  [() => operation('category-menu'), 10],
  [({ shopper }) => operation('cart-page', { id: shopper.cartId }, shopper.token), 8],
  [({ shopper }) => operation('order-history', {}, shopper.token), 6],
  [({ shopper }) => operation('everything', {}, shopper.token), 4],
  [({ shopper }) => operation('account-settings', {}, shopper.token), 3],
  [
    ({ shopper, random }) =>
      operation(
        'cart-lines-update',
        { cartId: shopper.cartId, lines: [{ lineId: shopper.lineId, quantity: random.int(1, 4) }] },
        shopper.token,
      ),
    3,
  ],
  [({ shopper, random }) => operation('profile-update', { input: { givenName: `Robin ${random.int(1, 99)}` } }, shopper.token), 1],
  [
    ({ shop, product, random }) => ({
      ...operation('product-page', {}, shop.catalogManager),
      query: 'mutation Describe($id: ID!, $input: ProductInput!) { productUpdate(id: $id, input: $input) { userErrors { code } } }',
      variables: { id: product.id, input: { description: `Described ${random.int(1, 1_000_000)} times.` } },
    }),
    1,
  ],
];

const words = ['skillet', 'lamp', 'chair', 'wool', 'oak', 'table', 'blanket', 'tent', 'headphones', 'shirt', 'pan', 'light'];

/** What one operation is about. */
interface Draw {
  readonly shop: Shop;
  readonly random: Random;
  readonly product: Shop['products'][number];
  readonly category: Shop['categories'][number];
  readonly shopper: Shop['shoppers'][number];
  readonly word: string;
}

/** Draws operations as a shop's visitors send them: a few things are asked for often, most of them seldom (Zipf, exponent 1). */
export function storefrontMix(shop: Shop, seed: string): () => Operation {
  const random = randomFor(seed);
  const [product, category, word] = [zipf(shop.products, random), zipf(shop.categories, random), zipf(words, random)];
  return () => {
    const make = random.weighted(weights);
    return make({ shop, random, product: product(), category: category(), word: word(), shopper: random.pick(shop.shoppers) });
  };
}

/** The n-th of `items` is drawn with a probability that is proportional to 1/n. */
export function zipf<Item>(items: readonly Item[], random: Random): () => Item {
  const shares = items.map((item, index) => [item, 1 / (index + 1)] as const);
  return () => random.weighted(shares);
}
