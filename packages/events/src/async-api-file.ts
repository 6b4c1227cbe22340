import { fileURLToPath } from 'node:url';
import { asyncApi } from './async-api.ts';
import { allEvents } from './catalogue/all.ts';

/** Where the document of all events stands. */
export const ASYNC_API_FILE = fileURLToPath(new URL('../../../docs/asyncapi.json', import.meta.url));

/** The document of all events, as it should stand there. */
export function asyncApiText(): string {
  return `${JSON.stringify(asyncApi({ title: 'Domain events of the commerce supergraph', version: '1' }, allEvents), null, 2)}\n`;
}
