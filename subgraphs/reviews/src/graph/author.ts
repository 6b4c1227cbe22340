import type { Context } from '../context.ts';
import { userTag } from '../domain/cache-tags.ts';
import { User } from './user.type.ts';

/** Who wrote something: null once they were erased, and until accounts has told us their name. */
export async function authorOf(id: string | null, { loaders, tags }: Context): Promise<User | null> {
  if (id === null) return null;
  tags.add(userTag(id));
  const name = await loaders.authorName.load(id);
  return name === null ? null : User.of(id, name);
}
