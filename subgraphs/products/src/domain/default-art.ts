import type { ProductArt } from './product-art.ts';
import { productGlyphs } from './product-glyphs.ts';

/** Backgrounds, foregrounds and accents of pictures that nobody designed. */
const palettes = [
  ['#f3ede4', '#8a5a3c', '#d9a066'],
  ['#e6eef0', '#2f5d62', '#8fb9aa'],
  ['#f4e9ec', '#8c3b52', '#e0a1ad'],
  ['#eceaf4', '#463f7a', '#a79fd6'],
  ['#eef1e3', '#55692f', '#b6c48a'],
] as const;

/** Art for something whose row has none: always the same for the same id. */
export function artFor(id: string): ProductArt {
  const sum = [...id].reduce((total, character) => (total * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
  const [background, foreground, accent] = palettes[sum % palettes.length] ?? palettes[0];
  const glyphs = Object.keys(productGlyphs);
  return { glyph: glyphs[sum % glyphs.length] ?? 'box', background, foreground, accent, turn: (sum % 7) - 3 };
}
