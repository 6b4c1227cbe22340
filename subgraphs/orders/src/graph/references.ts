import type { ReferenceResolver } from '@app/subgraph';
import type { OrdersContext } from '../context.ts';
import { Account } from './account.type.ts';
import { ProductVariant } from './product-variant.type.ts';
import { toCart } from './to-cart.ts';
import { toOrder } from './to-order.ts';

/** How other subgraphs' references are found; what the caller may not see is null, as what does not exist. */
export const references: Record<string, ReferenceResolver<OrdersContext>> = {
  Order: async ({ id, number }, { loaders }) => {
    const row =
      typeof id === 'string' ? await loaders.order.load(id) : typeof number === 'string' ? await loaders.orderByNumber.load(number) : null;
    return row ? toOrder(row) : null;
  },
  Cart: async ({ id }, { loaders, deps }) => {
    const row = typeof id === 'string' ? await loaders.cart.load(id) : null;
    return row ? toCart(deps, row) : null;
  },
  // What is added to them decides by itself who sees it.
  Account: ({ id }) => Object.assign(new Account(), { id: String(id) }),
  ProductVariant: ({ id, weightGrams }) => Object.assign(new ProductVariant(), { id: String(id), weightGrams: Number(weightGrams ?? 0) }),
};
