import { isId } from '@app/database';
import { findArt } from '../data/art.ts';
import { artFor } from '../domain/default-art.ts';
import { productSvg, toProductArt } from '../domain/product-art.ts';
import type { ProductsApp } from './ports.ts';

/** Facts of a picture; `source` is its absolute address. */
export interface Picture {
  readonly source: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

/** Natural side of every generated picture in pixels; they are drawn to any size. */
export const pictureSide = 800;

/** The picture of a product or variant. */
export function pictureOf({ mediaUrl }: ProductsApp, { id, title }: { readonly id: string; readonly title: string }): Picture {
  return { source: `${mediaUrl}/media/${id}.svg`, alt: title, width: pictureSide, height: pictureSide };
}

/** The drawing of a product or variant as SVG; null when there is no such thing. A picture is no secret, and old orders show theirs. */
export async function drawPicture({ db }: ProductsApp, id: string, width: number, height: number): Promise<string | null> {
  if (!isId('prd', id) && !isId('var', id)) return null;
  const art = await findArt(db, id);
  return art === undefined ? null : productSvg(toProductArt(art) ?? artFor(id), width, height);
}
