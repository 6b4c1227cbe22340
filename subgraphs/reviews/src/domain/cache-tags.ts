/** Stands for what is said of a product, in caches of answers. */
export function productTag(productId: string): string {
  return `product:${productId}`;
}

/** Stands for the name of a person and for what they wrote. */
export function userTag(userId: string): string {
  return `user:${userId}`;
}

/** A review shows with its product and with its author. */
export function reviewTags({ productId, authorId }: { readonly productId: string; readonly authorId: string | null }): string[] {
  return [productTag(productId), ...(authorId === null ? [] : [userTag(authorId)])];
}
