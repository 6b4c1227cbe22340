import { isId } from '@app/database';
import { InputCheck } from '@app/subgraph';
import type { ProductDraft } from '../domain/product-draft.ts';
import { slugForm } from '../domain/slug.ts';

const slugHint = 'Use lower-case letters, digits and single hyphens.';

/** A product's facts, checked; undefined is left as it is. */
export interface CheckedProduct {
  readonly slug?: string;
  readonly title?: string;
  readonly description?: string;
  readonly brand?: string | null;
  readonly categoryId?: string | null;
  readonly collectionIds?: readonly string[];
  readonly attributes?: readonly { readonly key: string; readonly value: string }[];
}

/** @throws {UserFault} with everything that is wrong with the draft. */
export function checkProduct(draft: ProductDraft): CheckedProduct {
  const check = new InputCheck();
  const { slug, title, description, brand, categoryId, collectionIds, attributes } = draft;
  const checked: CheckedProduct = {
    ...(slug != null && { slug: check.text(slug, ['input', 'slug'], { max: 100, pattern: { regex: slugForm, hint: slugHint } }) }),
    ...(title != null && { title: check.text(title, ['input', 'title'], { max: 200 }) }),
    ...(description != null && {
      description: check.text(description, ['input', 'description'], { min: 0, max: 10_000, multiline: true }),
    }),
    ...(brand !== undefined && { brand: check.optionalText(brand, ['input', 'brand'], { max: 100 }) }),
    ...(categoryId !== undefined && { categoryId }),
    ...(collectionIds != null && { collectionIds: [...new Set(collectionIds)] }),
    ...(attributes != null && { attributes: checkAttributes(check, attributes) }),
  };
  if (categoryId != null) check.require(isId('cat', categoryId), ['input', 'categoryId'], 'NOT_FOUND', 'There is no such category.');
  check.list(collectionIds ?? [], ['input', 'collectionIds'], { min: 0, max: 50 });
  for (const [index, id] of (collectionIds ?? []).entries()) {
    check.require(isId('col', id), ['input', 'collectionIds', index], 'NOT_FOUND', 'There is no such collection.');
  }
  check.finish();
  return checked;
}

function checkAttributes(check: InputCheck, attributes: NonNullable<ProductDraft['attributes']>): { key: string; value: string }[] {
  check.list(attributes, ['input', 'attributes'], { min: 0, max: 50 });
  const keys = new Set<string>();
  return attributes.map(({ key, value }, index) => {
    const path = ['input', 'attributes', index];
    const pattern = { regex: slugForm, hint: slugHint };
    const attribute = {
      key: check.text(key, [...path, 'key'], { max: 50, pattern }),
      value: check.text(value, [...path, 'value'], { max: 200 }),
    };
    check.require(!keys.has(attribute.key), [...path, 'key'], 'DUPLICATE', 'Each key once.');
    keys.add(attribute.key);
    return attribute;
  });
}
