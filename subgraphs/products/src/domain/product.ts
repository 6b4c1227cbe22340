/** Where a product stands in its life. */
export const productStatuses = ['DRAFT', 'ACTIVE', 'ARCHIVED'] as const;
export type ProductStatus = (typeof productStatuses)[number];

/** A choice that the variants of a product differ in. */
export interface ProductOption {
  readonly name: string;
  readonly values: readonly string[];
}

/** What a variant is in one of its product's options. */
export interface SelectedOption {
  readonly name: string;
  readonly value: string;
}

export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string | null;
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  readonly options: readonly ProductOption[];
  readonly publishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

export interface ProductAttribute {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

export interface Variant {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly position: number;
  readonly selectedOptions: readonly SelectedOption[];
  readonly weightGrams: number;
  readonly taxCategory: string;
  readonly restockExpectedAt: Date | null;
}

export interface Category {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
}

export interface Collection {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
}

/** What a variant costs now in one currency, in its minor units. */
export interface CurrentPrice {
  readonly variantId: string;
  readonly currency: string;
  readonly minor: number;
  readonly compareAtMinor: number | null;
}
