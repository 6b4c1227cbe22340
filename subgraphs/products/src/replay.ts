import { parseEnv } from '@app/config';
import { configShape } from './config.ts';
import { consumersOf } from './consumers.ts';
import { openDatabase } from './data/client.ts';

/** For `npm run events -- replay --module subgraphs/products/src/replay.ts`: the consumers of products on the database that DATABASE_URL_PRODUCTS names. */
export function open(env: Readonly<Record<string, string | undefined>>) {
  const { DATABASE_URL_PRODUCTS: url } = parseEnv({ DATABASE_URL_PRODUCTS: configShape.DATABASE_URL_PRODUCTS }, env);
  const db = openDatabase(url);
  return { consumers: consumersOf(db), close: () => db.$disconnect() };
}
