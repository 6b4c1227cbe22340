import { DAY_MS, plus, SEED_NOW } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import { randomFor } from '../core/random.ts';
import type { CollectionRow, ProductRow } from './rows.ts';
import { SHOP_OPENED } from './tree.ts';

interface RuleSpec {
  readonly slug: string;
  readonly title: string;
  readonly rule: Readonly<Record<string, unknown>>;
  readonly matches: (product: ProductRow) => boolean;
}

interface ManualSpec {
  readonly slug: string;
  readonly title: string;
  readonly categories: readonly string[];
  readonly size: number;
}

const manual: readonly ManualSpec[] = [
  { slug: 'slow-mornings', title: 'Slow Mornings', categories: ['kitchen', 'home-textiles'], size: 18 },
  { slug: 'small-flat-big-ideas', title: 'Small Flat, Big Ideas', categories: ['furniture', 'lighting'], size: 20 },
  { slug: 'home-office-that-works', title: 'A Home Office That Works', categories: ['audio-desk', 'furniture', 'lighting'], size: 22 },
  { slug: 'first-warm-weekend', title: 'The First Warm Weekend', categories: ['outdoor'], size: 16 },
  { slug: 'for-small-hands', title: 'For Small Hands', categories: ['play'], size: 16 },
  { slug: 'winter-layers', title: 'Winter Layers', categories: ['clothing', 'home-textiles'], size: 20 },
];

const rules: readonly RuleSpec[] = [
  {
    slug: 'gifts-under-30',
    title: 'Gifts under €30',
    rule: { price: { currency: 'EUR', maxMinor: 3000 } },
    matches: (product) => product.variants.some(({ prices }) => prices.some((price) => price.currency === 'EUR' && price.minor <= 3000)),
  },
  {
    slug: 'new-this-season',
    title: 'New This Season',
    rule: { createdWithinDays: 120 },
    matches: (product) => product.createdAt > plus(SEED_NOW, -120 * DAY_MS),
  },
  {
    slug: 'reduced',
    title: 'Reduced for Now',
    rule: { discounted: true },
    matches: (product) => product.variants.some(({ prices }) => prices.some((price) => price.compareAtMinor !== null)),
  },
  {
    slug: 'made-in-portugal',
    title: 'Made in Portugal',
    rule: { attribute: { key: 'made-in', anyOf: ['Portugal'] } },
    matches: (product) => product.attributes.some(({ key, value }) => key === 'made-in' && value === 'Portugal'),
  },
];

/**
 * Ten collections over one town's products. Further towns add their products to the same collections,
 * so a collection's own row is written once and its members town by town.
 */
export function collectionRows(seed: string, town: number, products: readonly ProductRow[]): CollectionRow[] {
  const picked = manual.map((spec) => {
    const random = randomFor(`${seed}/collection/${spec.slug}/${town}`);
    const candidates = products.filter(({ categorySlug }) => spec.categories.includes(categorySlug));
    return { ...identity(spec), kind: 'MANUAL' as const, rule: null, productIds: random.sample(candidates, spec.size).map(({ id }) => id) };
  });
  const matched = rules.map((spec) => ({
    ...identity(spec),
    kind: 'RULE' as const,
    rule: spec.rule,
    productIds: products.filter(spec.matches).map(({ id }) => id),
  }));
  return [...picked, ...matched];
}

function identity({ slug, title }: { slug: string; title: string }): Pick<CollectionRow, 'id' | 'slug' | 'title' | 'createdAt'> {
  return { id: seedId('col', slug, SHOP_OPENED), slug, title, createdAt: SHOP_OPENED };
}
