/** Stands for the public side of a person in caches of answers. */
export function userTag(userId: string): string {
  return `user:${userId}`;
}
