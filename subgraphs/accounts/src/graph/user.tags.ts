import { AnswerTags, answerTags } from '@app/subgraph';
import type { AccountsContext } from '../context.ts';
import { userTag } from '../domain/user-tag.ts';

/** What others show of people depends on these people alone. */
export const userTags = answerTags<AccountsContext>({
  rootFields: [],
  tagsOf: () => new AnswerTags(),
  entityTag: ({ __typename, id }) => (__typename === 'User' && typeof id === 'string' ? userTag(id) : undefined),
});
