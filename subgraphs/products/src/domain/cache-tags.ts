import type { ListFact } from './list-facts.ts';

/** Stands for a product, its variants, their prices and stock, in caches of answers. */
export function productTag(productId: string): string {
  return `product:${productId}`;
}

/** Stands for a fact of all products, as far as lists look at it. */
export function listTag(fact: ListFact): string {
  return `list:${fact}`;
}

/** Stands for a word in the texts of all products. */
export function wordTag(word: string): string {
  return `word:${word}`;
}

/** Stands for categories and collections themselves, and for which products there are: nobody writes to it, whoever changes these ends everything. */
export const catalogueTag = 'catalogue';

/** What a write changed. */
export interface CatalogueChange {
  readonly productIds: readonly string[];
  /** What lists may have looked at. */
  readonly facts: readonly ListFact[];
  /** Words of texts. */
  readonly words?: readonly string[];
}

/** The tags of what changed, each once. */
export function tagsOfChange({ productIds, facts, words = [] }: CatalogueChange): string[] {
  return [...new Set([...productIds.map(productTag), ...facts.map(listTag), ...words.map(wordTag)])];
}
