import { parseEnv } from '@app/config';
import { configShape } from './config.ts';
import { consumersOf } from './consumers.ts';
import { openDatabase } from './data/client.ts';

/** For `npm run events -- replay --module subgraphs/reviews/src/replay.ts`: the consumers of reviews on the database that DATABASE_URL_REVIEWS names. */
export function open(env: Readonly<Record<string, string | undefined>>) {
  const { DATABASE_URL_REVIEWS: url } = parseEnv({ DATABASE_URL_REVIEWS: configShape.DATABASE_URL_REVIEWS }, env);
  const db = openDatabase(url);
  return { consumers: consumersOf(db), close: () => db.$disconnect() };
}
