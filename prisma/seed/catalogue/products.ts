import { DAY_MS, plus, SEED_NOW, SEED_YEAR_START } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import { at, type Random, randomFor } from '../core/random.ts';
import { catalogueSpec } from './categories.ts';
import { colourHex } from './colours.ts';
import { shelfPrices } from './prices.ts';
import type { ArtRow, ProductRow, VariantRow } from './rows.ts';
import type { AxisValue, CategorySpec, FamilySpec, LineSpec, TypeSpec } from './spec.ts';
import { leafId } from './tree.ts';

const backgrounds = ['#f1ece3', '#e9eef0', '#eef0e6', '#f3e7e1', '#e6e9f1', '#efe9f1', '#f5efdc', '#e4efec'];
const neutrals = ['Slate', 'Oak', 'Terracotta', 'Sage', 'Navy', 'Mustard', 'Teal', 'Berry'];

/** One product to be: a type of a family, made by a line, in one town of the demo world. */
interface Recipe {
  readonly category: CategorySpec;
  readonly family: FamilySpec;
  readonly line: LineSpec;
  readonly type: TypeSpec;
  readonly town: number;
}

/**
 * All products of one town: 40 families × 5 types × 3 lines = 600. Town 0 is the default shop;
 * further towns (`--scale`) sell the same things as numbered editions, so that nothing collides.
 */
export function productsOf(seed: string, town: number): ProductRow[] {
  return recipes(town).map((recipe) => product(seed, recipe));
}

function recipes(town: number): Recipe[] {
  return catalogueSpec.flatMap((category) =>
    category.families.flatMap((family) =>
      family.lines.flatMap((code) => {
        const line = category.lines.find((candidate) => candidate.code === code);
        if (!line) throw new RangeError(`family ${family.code} names the unknown line ${code}`);
        return family.types.map((type) => ({ category, family, line, type, town }));
      }),
    ),
  );
}

function product(seed: string, recipe: Recipe): ProductRow {
  const { category, family, line, type, town } = recipe;
  const edition = town === 0 ? '' : ` No. ${town + 1}`;
  const title = `${line.name} ${type.noun}${edition}`;
  const key = `${town}/${slugOf(title)}`;
  const random = randomFor(`${seed}/product/${key}`);
  const createdAt = launchDate(random);
  const id = seedId('prd', key, createdAt);
  const art = productArt(random, family);
  return {
    id,
    slug: slugOf(title),
    title,
    description: `${type.text} ${line.text}`,
    brand: line.brand,
    status: 'ACTIVE',
    categoryId: leafId(family.leaf),
    categorySlug: category.slug,
    options: family.axes.map(({ name, values }) => ({ name, values: values.map(({ value }) => value) })),
    attributes: attributes(recipe),
    art,
    createdAt,
    voices: type.voices ?? family,
    popularity: 1 / (3 + random.int(0, 60)),
    quality: random.next() + random.next() - 1,
    variants: variants({ recipe, random, productId: id, createdAt, art }),
  };
}

/** Most of the range is older than the demo year; every eighth product came out during it. */
function launchDate(random: Random): Date {
  const isNew = random.chance(0.125);
  const days = isNew ? random.next() * 340 : -random.next() * 700;
  const noLaterThan = SEED_NOW.getTime() - 3 * DAY_MS;
  return new Date(Math.min(plus(SEED_YEAR_START, days * DAY_MS).getTime(), noLaterThan));
}

function attributes({ family, line, type }: Recipe): ProductRow['attributes'] {
  const pairs: [string, string][] = [['Material', type.material], ['Made in', line.origin], ...Object.entries(family.attributes)];
  return pairs.map(([label, value]) => ({ key: slugOf(label), label, value }));
}

interface VariantContext {
  readonly recipe: Recipe;
  readonly random: Random;
  readonly productId: string;
  readonly createdAt: Date;
  readonly art: ArtRow;
}

function variants({ recipe, random, productId, createdAt, art }: VariantContext): VariantRow[] {
  const { family, line, type, town } = recipe;
  const typeNumber = family.types.indexOf(type) + 1;
  const discount = random.chance(0.12) ? random.pick([0.1, 0.15, 0.2, 0.25]) : 0;
  return combinations(family.axes.map(({ values }) => values)).map((values, position) => {
    const sku = [family.code, line.code, `${typeNumber}${town === 0 ? '' : `T${town}`}`, ...values.map(({ code }) => code)].join('-');
    const factor = values.reduce((product, value) => product * value.factor, line.factor);
    return {
      id: seedId('var', sku, createdAt),
      productId,
      sku,
      title: values.map(({ value }) => value).join(' / '),
      position,
      selectedOptions: values.map(({ value }, index) => ({ name: at(family.axes, index).name, value })),
      prices: shelfPrices(type.price * factor, discount),
      weightGrams: Math.max(20, Math.round((type.grams * factor) / line.factor / 10) * 10),
      taxCategory: family.taxCategory ?? 'standard',
      art: variantArt(art, values),
      freeStock: freeStock(random),
      createdAt,
    };
  });
}

/** Stock at Rotterdam, Leipzig and Porto: some variants are gone, some nearly, most are there. */
function freeStock(random: Random): [number, number, number] {
  const state = random.weighted([
    ['out', 6],
    ['low', 11],
    ['some', 38],
    ['plenty', 45],
  ] as const);
  if (state === 'out') return [0, 0, 0];
  if (state === 'low') return [random.int(0, 2), random.int(0, 2), 1];
  const top = state === 'some' ? 18 : 90;
  return [random.int(6, top), random.int(2, top), random.chance(0.2) ? 0 : random.int(2, top)];
}

function combinations(axes: readonly (readonly AxisValue[])[]): AxisValue[][] {
  return axes.reduce<AxisValue[][]>((rows, axis) => rows.flatMap((row) => axis.map((value) => [...row, value])), [[]]);
}

function productArt(random: Random, family: FamilySpec): ArtRow {
  const coloured = family.axes.flatMap(({ values }) => values.map(({ value }) => value)).filter((value) => value in colourHex);
  return {
    glyph: family.glyph,
    background: random.pick(backgrounds),
    foreground: hexOf(coloured[0] ?? random.pick(neutrals)),
    accent: hexOf(random.pick(neutrals)),
    turn: random.int(-6, 6),
  };
}

function variantArt(art: ArtRow, values: readonly AxisValue[]): ArtRow {
  const colour = values.map(({ value }) => colourHex[value]).find((hex) => hex !== undefined);
  return colour ? { ...art, foreground: colour } : art;
}

function hexOf(name: string): string {
  const hex = colourHex[name];
  if (!hex) throw new RangeError(`unknown colour ${name}`);
  return hex;
}

/** A title as a path segment: lower-case ASCII words joined by hyphens. */
export function slugOf(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f’']/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
