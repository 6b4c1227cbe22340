import { answerTags } from '@app/subgraph';
import type { Context } from '../context.ts';
import { productTag, userTag } from '../domain/cache-tags.ts';

/** Answers about products and people carry their tags, and those of the people and products that one gets to from there. */
export const reviewsTags = answerTags<Context>({
  rootFields: [],
  tagsOf: ({ tags }) => tags,
  entityTag: ({ __typename, id }) => {
    if (typeof id !== 'string') return undefined;
    if (__typename === 'Product') return productTag(id);
    return __typename === 'User' ? userTag(id) : undefined;
  },
});
