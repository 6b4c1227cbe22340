import { newId } from '@app/database';
import { hash128 } from './random.ts';

/**
 * An id as the services make them, except that its random bits are a hash of `key`: the same thing has
 * the same id in every database and on every machine, and ids still sort by time of creation.
 */
export function seedId(prefix: string, key: string, createdAt: Date): string {
  const bytes = Buffer.alloc(16);
  for (const [index, word] of hash128(`${prefix}:${key}`).entries()) bytes.writeUInt32BE(word, index * 4);
  return newId(prefix, createdAt.getTime(), bytes.subarray(0, 10));
}
