/** What staff sends of a product: undefined leaves a fact as it is, null clears the brand or the category. */
export interface ProductDraft {
  readonly slug?: string | null;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly brand?: string | null;
  readonly categoryId?: string | null;
  readonly collectionIds?: readonly string[] | null;
  readonly attributes?: readonly { readonly key: string; readonly value: string }[] | null;
}

/** What staff sends of a variant. */
export interface VariantDraft {
  readonly id?: string | null;
  readonly sku: string;
  readonly title?: string | null;
  readonly prices: readonly { readonly minor: number; readonly currency: string }[];
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly weightGrams?: number | null;
}

/** A label for a new attribute key: its words, the first with a capital. */
export function labelOf(key: string): string {
  const words = key.replaceAll(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
