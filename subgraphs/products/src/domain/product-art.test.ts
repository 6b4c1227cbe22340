import { describe, expect, it } from 'vitest';
import { type ProductArt, productSvg, toProductArt } from './product-art.ts';
import { productGlyphs } from './product-glyphs.ts';

const art: ProductArt = { glyph: 'mug', background: '#f1ece3', foreground: '#27406b', accent: '#b08d3f', turn: 3 };

describe('productSvg', () => {
  it('draws the same picture for the same art, in the size asked for', () => {
    const svg = productSvg(art, 320, 200);
    expect(svg).toBe(productSvg(art, 320, 200));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="320" height="200"/);
    expect(svg).toContain('#27406b');
    expect(svg).toContain('#b08d3f');
  });

  it('leaves no colour unpainted in any drawing', () => {
    for (const glyph of Object.keys(productGlyphs)) expect(productSvg({ ...art, glyph }, 10, 10)).not.toMatch(/(fill|stroke)="[a-z]"/);
  });

  it('draws a box for what it does not know', () => {
    expect(productSvg({ ...art, glyph: 'unicorn' }, 10, 10)).toBe(productSvg({ ...art, glyph: 'box' }, 10, 10));
  });

  it('refuses sizes that are no sizes', () => {
    for (const side of [0, -1, 1.5, 5_000, Number.NaN]) expect(() => productSvg(art, side, 10)).toThrow(RangeError);
  });
});

describe('toProductArt', () => {
  it('takes art and nothing else', () => {
    expect(toProductArt({ ...art, more: 1 })).toEqual(art);
    for (const value of [null, 'mug', {}, { ...art, foreground: 'red"/><script>' }, { ...art, turn: '3' }])
      expect(toProductArt(value)).toBeNull();
  });
});
