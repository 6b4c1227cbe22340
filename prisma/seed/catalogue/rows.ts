import type { Voices } from './spec.ts';

/** Currencies every variant has a price in. JPY has no minor unit. */
export const seedCurrencies = ['EUR', 'USD', 'GBP', 'JPY'] as const;
export type SeedCurrency = (typeof seedCurrencies)[number];

export interface CategoryRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly position: number;
}

export interface LocationRow {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** A collection is a hand-picked list or the products that a rule matched when the data was made. */
export interface CollectionRow {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly kind: 'MANUAL' | 'RULE';
  readonly rule: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  readonly productIds: readonly string[];
}

export interface AttributeRow {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** What a product's generated picture is drawn from. Colours are #rrggbb. */
export interface ArtRow {
  readonly glyph: string;
  readonly background: string;
  readonly foreground: string;
  readonly accent: string;
  readonly turn: number;
}

export interface ProductRow {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  readonly status: 'ACTIVE';
  readonly categoryId: string;
  readonly categorySlug: string;
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly attributes: readonly AttributeRow[];
  readonly art: ArtRow;
  readonly createdAt: Date;
  readonly variants: readonly VariantRow[];
  /** For the other generators, not stored: what people say, how often it is bought, how good it is (−1…1). */
  readonly voices: Voices;
  readonly popularity: number;
  readonly quality: number;
}

export interface PriceRow {
  readonly currency: SeedCurrency;
  readonly minor: number;
  readonly compareAtMinor: number | null;
}

export interface VariantRow {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly position: number;
  readonly selectedOptions: readonly { readonly name: string; readonly value: string }[];
  readonly prices: readonly PriceRow[];
  readonly weightGrams: number;
  readonly taxCategory: 'standard' | 'reduced';
  readonly art: ArtRow;
  /** Free units per location, in the order of the locations; reserved units come on top. */
  readonly freeStock: readonly [number, number, number];
  readonly createdAt: Date;
}
