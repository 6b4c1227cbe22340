import { productGlyphs } from './product-glyphs.ts';

/** What the picture of a product or variant is drawn from. Colours are `#rrggbb`. */
export interface ProductArt {
  /** A name in {@link productGlyphs}; an unknown one is drawn as a box. */
  readonly glyph: string;
  readonly background: string;
  readonly foreground: string;
  readonly accent: string;
  /** Degrees by which the drawing is turned. */
  readonly turn: number;
}

const colourForm = /^#[0-9a-f]{6}$/i;
const longestSide = 4_096;

/** What stands in the `art` column, when it is art; null otherwise, so that a broken picture costs a picture and no page. */
export function toProductArt(value: unknown): ProductArt | null {
  if (typeof value !== 'object' || value === null) return null;
  const { glyph, background, foreground, accent, turn } = value as Record<string, unknown>;
  if (typeof glyph !== 'string' || typeof turn !== 'number' || !Number.isFinite(turn)) return null;
  return isColour(background) && isColour(foreground) && isColour(accent) ? { glyph, background, foreground, accent, turn } : null;
}

/**
 * Draws a product as SVG: a tinted ground, a shadow, the glyph. The same art gives the same bytes, so it caches for ever.
 * @param width pixels, 1 to 4096; likewise `height`. The drawing keeps its proportions and is centred.
 * @throws {RangeError} for another size.
 */
export function productSvg(art: ProductArt, width: number, height: number): string {
  for (const side of [width, height]) {
    if (!Number.isSafeInteger(side) || side < 1 || side > longestSide)
      throw new RangeError(`a side must be 1 to ${longestSide} pixels, was ${side}`);
  }
  const glyph = productGlyphs[art.glyph] ?? productGlyphs['box'] ?? '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice">`,
    `<rect x="-100" y="-100" width="300" height="300" fill="${art.background}"/>`,
    `<ellipse cx="50" cy="88" rx="34" ry="4" fill="#000" opacity=".08"/>`,
    `<g transform="rotate(${art.turn} 50 50) translate(10 10) scale(.8)" stroke-linecap="round">${paint(glyph, art)}</g>`,
    '</svg>',
  ].join('');
}

function paint(glyph: string, { foreground, accent }: ProductArt): string {
  const shade = darker(foreground);
  return glyph.replace(/(fill|stroke)="([fad])"/g, (_, property: string, part: string) => {
    const colour = part === 'f' ? foreground : part === 'a' ? accent : shade;
    return `${property}="${colour}"`;
  });
}

/** Three quarters of each channel. */
function darker(colour: string): string {
  const channels = [1, 3, 5].map((from) => Math.round(Number.parseInt(colour.slice(from, from + 2), 16) * 0.75));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function isColour(value: unknown): value is string {
  return typeof value === 'string' && colourForm.test(value);
}
