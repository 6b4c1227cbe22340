import { answerTags } from '@app/subgraph';
import type { OrdersContext } from '../context.ts';
import { orderNumberTag, ordersOfTag, orderTag, ratesTag } from '../domain/cache-tags.ts';
import { normaliseOrderNumber } from '../domain/order-number.ts';

/** Answers about accounts and orders carry their tags, and those of the orders that they show; delivery estimates that of the rates. */
export const ordersTags = answerTags<OrdersContext>({
  rootFields: ['order'],
  tagsOf: ({ tags }) => tags,
  entityTag: ({ __typename, id, number }) => {
    if (__typename === 'Account' && typeof id === 'string') return ordersOfTag(id);
    if (__typename === 'ProductVariant') return ratesTag;
    if (__typename !== 'Order') return undefined;
    if (typeof id === 'string') return orderTag(id);
    return typeof number === 'string' ? orderNumberTag(normaliseOrderNumber(number)) : undefined;
  },
});
