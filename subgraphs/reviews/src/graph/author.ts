import type { Context } from '../context.ts';
import { User } from './user.type.ts';

/** Who wrote something: null once they were erased, and until accounts has told us their name. */
export async function authorOf(id: string | null, { loaders }: Context): Promise<User | null> {
  if (id === null) return null;
  const name = await loaders.authorName.load(id);
  return name === null ? null : User.of(id, name);
}
