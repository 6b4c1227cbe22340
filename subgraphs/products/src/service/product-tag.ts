/** Stands for a product, its variants, their prices and stock, in caches of answers. */
export function productTag(productId: string): string {
  return `product:${productId}`;
}
