import { registerEnumType } from 'type-graphql';
import { availabilityStates } from '../domain/availability.ts';
import { productStatuses } from '../domain/product.ts';
import { productSorts, searchSorts } from '../domain/product-list.ts';

/** An enum object of a closed list of names. */
function enumOf<const Name extends string>(names: readonly Name[]): { readonly [Key in Name]: Key } {
  return Object.fromEntries(names.map((name) => [name, name])) as { readonly [Key in Name]: Key };
}

export const ProductStatusEnum = enumOf(productStatuses);
registerEnumType(ProductStatusEnum, {
  name: 'ProductStatus',
  description: 'Where a product stands in its life.',
  valuesConfig: {
    DRAFT: { description: 'Being written; only those who keep the catalogue see it.' },
    ACTIVE: { description: 'On sale.' },
    ARCHIVED: { description: 'No longer sold; only those who keep the catalogue see it.' },
  },
});

export const AvailabilityStateEnum = enumOf(availabilityStates);
registerEnumType(AvailabilityStateEnum, {
  name: 'AvailabilityState',
  description: 'How much there is, in bands.',
  valuesConfig: {
    IN_STOCK: { description: 'Plenty.' },
    LOW_STOCK: { description: 'The last few.' },
    OUT_OF_STOCK: { description: 'None.' },
    BACKORDER: { description: 'None now, more is on its way.' },
  },
});

export const ProductSortEnum = enumOf(productSorts);
registerEnumType(ProductSortEnum, {
  name: 'ProductSort',
  description: 'Order of a list of products.',
  valuesConfig: {
    NEWEST: { description: 'Latest first.' },
    PRICE_ASC: {
      description: 'Cheapest variant, low to high, in the currency of filter.price or the shop; without a price in it: left out.',
    },
    PRICE_DESC: {
      description: 'Cheapest variant, high to low, in the currency of filter.price or the shop; without a price in it: left out.',
    },
    TITLE_ASC: { description: 'By title, A to Z.' },
    RATING_DESC: { description: 'Best rated first; of equals the one rated more often.' },
    BEST_SELLING: { description: 'Most units sold first.' },
  },
});

export const SearchSortEnum = enumOf(searchSorts);
registerEnumType(SearchSortEnum, {
  name: 'ProductSearchSort',
  description: 'Order of search results.',
  valuesConfig: {
    RELEVANCE: { description: 'What fits the text best first.' },
    NEWEST: { description: 'Latest first.' },
    PRICE_ASC: { description: 'As in ProductSort.' },
    PRICE_DESC: { description: 'As in ProductSort.' },
    RATING_DESC: { description: 'As in ProductSort.' },
  },
});
