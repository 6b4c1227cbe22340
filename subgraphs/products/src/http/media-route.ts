import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@app/errors';
import { drawPicture, pictureSide } from '../service/pictures.ts';
import type { ProductsApp } from '../service/ports.ts';

/** How long browsers and shared caches keep a picture before they ask whether it changed, in seconds. */
const maxAgeSeconds = 86_400;

/** `GET /media/<product or variant id>.svg`: public, cacheable, validated by ETag; `w` and `h` are its size in pixels. */
export function mediaRoute(app: ProductsApp): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new AppError('METHOD_NOT_ALLOWED');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://media.invalid');
    const id = /^\/media\/([a-z0-9_]{1,64})\.svg$/.exec(pathname)?.[1];
    const svg = id === undefined ? null : await drawPicture(app, id, side(searchParams.get('w')), side(searchParams.get('h')));
    if (svg === null) throw new AppError('NOT_FOUND');
    const etag = `"${createHash('sha256').update(svg).digest('base64url').slice(0, 22)}"`;
    const headers = {
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': `public, max-age=${maxAgeSeconds}, stale-while-revalidate=604800`,
      // An SVG opened by itself is a page: it may not run anything.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      etag,
    };
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(isKnown ? 304 : 200, headers);
    response.end(isKnown || request.method === 'HEAD' ? undefined : svg);
  };
}

/** A side in pixels; what is no size is the natural one. */
function side(text: string | null): number {
  const pixels = Number(text);
  return text !== null && Number.isInteger(pixels) && pixels >= 1 && pixels <= 4096 ? pixels : pictureSide;
}
