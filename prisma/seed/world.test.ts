import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SEED, type Town, towns } from './world.ts';

function firstTown(seed = DEFAULT_SEED, scale = 1): Town {
  const [town] = [...towns(scale, seed)];
  if (!town) throw new Error('no town');
  return town;
}

function fingerprint(town: Town): string {
  const everything = [
    town.people(),
    town.products(),
    town.collections(),
    town.orders(),
    town.reservations(),
    town.reviews(),
    town.questions(),
  ];
  return createHash('sha256').update(JSON.stringify(everything)).digest('hex');
}

describe('the demo world', () => {
  const town = firstTown();

  it('is the same for the same seed and another for another seed', () => {
    expect(fingerprint(firstTown())).toBe(fingerprint(town));
    expect(fingerprint(firstTown('another'))).not.toBe(fingerprint(town));
  });

  it('has the promised size', () => {
    const variants = town.products().flatMap((product) => product.variants);
    expect(town.people()).toHaveLength(306);
    expect(town.products()).toHaveLength(600);
    expect(variants.length).toBeGreaterThan(1_900);
    expect(variants.length).toBeLessThan(2_100);
    expect(town.orders()).toHaveLength(2_500);
    expect(town.reviews()).toHaveLength(6_000);
  });

  it('never uses an id, slug, SKU or e-mail twice, not even across towns', () => {
    const [one, two] = [...towns(2)];
    if (!one || !two) throw new Error('two towns expected');
    const keys = [one, two].flatMap((place) => [
      ...place.people().flatMap(({ id, email, addresses }) => [id, email, ...addresses.map((address) => address.id)]),
      ...place.products().flatMap(({ id, slug, variants }) => [id, slug, ...variants.flatMap((variant) => [variant.id, variant.sku])]),
      ...place
        .orders()
        .flatMap(({ id, cartId, lines, payment, fulfillments, returns, history }) => [
          id,
          cartId,
          ...lines.map((line) => line.id),
          ...(payment ? [payment.id, ...payment.events.map((event) => event.id)] : []),
          ...[...fulfillments, ...returns, ...history].map((row) => row.id),
        ]),
      ...place.reviews().map(({ id }) => id),
      ...place.questions().flatMap(({ id, answers }) => [id, ...answers.map((answer) => answer.id)]),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('refuses a scale that is no positive whole number', () => {
    expect(() => [...towns(0)]).toThrow(/scale must be a positive whole number, was 0/);
    expect(() => [...towns(1.5)]).toThrow(RangeError);
  });
});

describe('demo products', () => {
  const products = firstTown().products();

  it('cost something in every currency, never more than they used to', () => {
    for (const price of products.flatMap(({ variants }) => variants).flatMap(({ prices }) => prices)) {
      expect(price.minor).toBeGreaterThan(0);
      expect(price.compareAtMinor ?? Number.MAX_SAFE_INTEGER).toBeGreaterThan(price.minor);
      if (price.currency === 'JPY') expect(price.minor % 10).toBe(0);
    }
  });

  it('are in stock, nearly gone, and gone', () => {
    const free = products.flatMap(({ variants }) => variants).map(({ freeStock }) => freeStock.reduce((sum, units) => sum + units, 0));
    expect(free.filter((units) => units === 0).length).toBeGreaterThan(60);
    expect(free.filter((units) => units > 0 && units <= 5).length).toBeGreaterThan(100);
    expect(free.filter((units) => units > 20).length).toBeGreaterThan(900);
  });

  it('are described in two sentences or more and carry attributes', () => {
    for (const { description, attributes } of products) {
      expect(description.match(/[.!?](\s|$)/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
      expect(attributes.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('fill every collection', () => {
    for (const { title, productIds } of firstTown().collections()) expect(productIds.length, title).toBeGreaterThan(9);
  });
});
